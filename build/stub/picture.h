/* What the window shows, as pixels: drawn here, so that the X server only copies them.

   Logo, word and letters come ready from build/stub_art.py, which agrees on all these lengths. */

#ifndef TWOCAN_PICTURE_H
#define TWOCAN_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

/* Lengths in pixels of a usual screen; twice as many where everything is drawn twice as large. */
enum {
    WIDTH = 360,
    HEIGHT = 140,
    BAR_LEFT = 24,
    BAR_TOP = 98,
    BAR_HEIGHT = 8,
    TEXT_TOP = 80,
    CELL_WIDTH = 18,
    CELL_HEIGHT = 18,
    ICON = 64,
    LETTERS = 95, /* ASCII, from the space on */
};

struct palette {
    uint8_t background[3], track[3], bar[3], text[3]; /* red, green, blue */
};

/* Drawn at one size. */
#define SCALED_ART(scale)                                                                          \
    struct {                                                                                       \
        uint8_t light[HEIGHT * WIDTH * 3 * scale * scale];                                         \
        uint8_t dark[HEIGHT * WIDTH * 3 * scale * scale];                                          \
        uint8_t advances[LETTERS];                                                                 \
        uint8_t letters[LETTERS][CELL_HEIGHT * CELL_WIDTH * scale * scale];                        \
    }

struct art {
    struct palette light, dark;
    SCALED_ART(1) usual;
    SCALED_ART(2) large;
    uint8_t icon[ICON * ICON * 4]; /* blue, green, red, opacity */
};

struct picture {
    unsigned scale; /* 1 or 2 */
    unsigned width, height;
    uint32_t *pixels; /* 0x00RRGGBB */
    struct art *art;
    const struct palette *palette;
    const uint8_t *empty; /* the window with nothing but logo and word */
    const uint8_t *advances, *letters;
};

/* False: there is not enough memory. */
bool picture_begin(struct picture *picture, unsigned scale, bool dark);
/* A bar that is filled from one share of its length to another, 0 to 1. */
void picture_bar(struct picture *picture, double from, double to);
/* These words instead of the bar, as many as there is room for. */
void picture_text(struct picture *picture, const char *text);
void picture_end(struct picture *picture);

#endif
