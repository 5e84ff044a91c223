/* The bar and the words, over the logo that came ready. */

#include "picture.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

extern const uint8_t art[]; /* art.S */
extern const uint64_t art_size;

enum { ART_MEMORY = 16 << 20 };

/* --- beginning -------------------------------------------------------------------------------- */

static bool read_art(struct art *drawn) {
    uint64_t memory = ART_MEMORY;
    size_t in = 0, out = 0, size = (size_t)art_size;
    lzma_ret result = lzma_stream_buffer_decode(&memory, 0, NULL, art, &in, size,
                                                (uint8_t *)drawn, &out, sizeof *drawn);
    return result == LZMA_OK && out == sizeof *drawn;
}

static uint32_t colour(const uint8_t *rgb) {
    return (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
}

static void clear(struct picture *picture, unsigned top, unsigned bottom) {
    for (size_t i = (size_t)top * picture->width; i < (size_t)bottom * picture->width; i++) {
        picture->pixels[i] = colour(picture->empty + 3 * i);
    }
}

static void choose(struct picture *picture, bool dark) {
    const struct art *drawn = picture->art;
    bool large = picture->scale == 2;
    picture->palette = dark ? &drawn->dark : &drawn->light;
    picture->empty = large ? (dark ? drawn->large.dark : drawn->large.light)
                           : (dark ? drawn->usual.dark : drawn->usual.light);
    picture->advances = large ? drawn->large.advances : drawn->usual.advances;
    picture->letters = large ? drawn->large.letters[0] : drawn->usual.letters[0];
}

bool picture_begin(struct picture *picture, unsigned scale, bool dark) {
    *picture = (struct picture){.scale = scale, .width = WIDTH * scale, .height = HEIGHT * scale};
    picture->art = malloc(sizeof *picture->art);
    picture->pixels = calloc((size_t)picture->width * picture->height, sizeof *picture->pixels);
    if (!picture->art || !picture->pixels || !read_art(picture->art)) {
        picture_end(picture);
        return false;
    }
    choose(picture, dark);
    clear(picture, 0, picture->height);
    return true;
}

void picture_end(struct picture *picture) {
    free(picture->art);
    free(picture->pixels);
    *picture = (struct picture){0};
}

/* --- drawing ---------------------------------------------------------------------------------- */

static double between(double value, double least, double most) {
    return value < least ? least : value > most ? most : value;
}

static void blend(uint32_t *pixel, const uint8_t *rgb, double cover) {
    uint32_t mixed = 0;
    for (unsigned i = 0; i < 3; i++) {
        double under = *pixel >> (16 - 8 * i) & 0xff;
        mixed = mixed << 8 | (uint32_t)(under + (rgb[i] - under) * cover + 0.5);
    }
    *pixel = mixed;
}

/* A line with round ends, as thick as the bar: each pixel is covered by how near it is. */
static void draw_line(struct picture *picture, double left, double right, const uint8_t *rgb) {
    double radius = BAR_HEIGHT * picture->scale / 2.0;
    unsigned top = BAR_TOP * picture->scale;
    for (unsigned y = 0; y < BAR_HEIGHT * picture->scale; y++) {
        for (unsigned x = 0; x < picture->width; x++) {
            double down = y + 0.5 - radius;
            double along = x + 0.5 - between(x + 0.5, left + radius, right - radius);
            double near = radius + 0.5 - __builtin_sqrt(along * along + down * down);
            blend(picture->pixels + (top + y) * picture->width + x, rgb, between(near, 0, 1));
        }
    }
}

void picture_bar(struct picture *picture, double from, double to) {
    double left = BAR_LEFT * picture->scale, right = picture->width - left;
    double thick = BAR_HEIGHT * picture->scale, length = right - left - thick;
    clear(picture, BAR_TOP * picture->scale, (BAR_TOP + BAR_HEIGHT) * picture->scale);
    draw_line(picture, left, right, picture->palette->track);
    if (to > from) {
        draw_line(picture, left + between(from, 0, 1) * length,
                  left + between(to, 0, 1) * length + thick, picture->palette->bar);
    }
}

/* --- words ------------------------------------------------------------------------------------ */

static unsigned letter(char code) {
    return code >= ' ' && code <= '~' ? (unsigned)(code - ' ') : (unsigned)('?' - ' ');
}

static void draw_letter(struct picture *picture, unsigned which, unsigned left, unsigned top) {
    unsigned width = CELL_WIDTH * picture->scale, height = CELL_HEIGHT * picture->scale;
    const uint8_t *cover = picture->letters + (size_t)which * width * height;
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width && left + x < picture->width; x++) {
            uint32_t *pixel = picture->pixels + (top + y) * picture->width + left + x;
            blend(pixel, picture->palette->text, *(cover + y * width + x) / 255.0);
        }
    }
}

static unsigned long measure(const struct picture *picture, const char *text, size_t size) {
    unsigned long length = 0;
    for (size_t i = 0; i < size; i++) {
        length += picture->advances[letter(text[i])];
    }
    return length;
}

/* How many bytes go into one line: whole words, or else as much of one as there is room for. */
static size_t line_of(const struct picture *picture, const char *text) {
    unsigned long room = picture->width - 2ul * BAR_LEFT * picture->scale;
    size_t fits = 0, words = 0;
    while (text[fits] && measure(picture, text, fits + 1) <= room) {
        fits++;
        if (text[fits] == ' ' || !text[fits]) {
            words = fits;
        }
    }
    return words ? words : fits;
}

static void draw_line_of_text(struct picture *picture, const char *text, size_t size,
                              unsigned top) {
    unsigned left = BAR_LEFT * picture->scale;
    for (size_t i = 0; i < size; i++) {
        unsigned which = letter(text[i]);
        draw_letter(picture, which, left - 2 * picture->scale, top); /* cells have a margin */
        left += picture->advances[which];
    }
}

void picture_text(struct picture *picture, const char *text) {
    unsigned top = TEXT_TOP * picture->scale, high = CELL_HEIGHT * picture->scale;
    clear(picture, 0, picture->height);
    while (*text && top + high <= picture->height) {
        size_t size = line_of(picture, text);
        draw_line_of_text(picture, text, size, top);
        text += size;
        text += strspn(text, " ");
        top += high;
    }
}
