/* The way to the X server, and what it knows of the desktop. */

#include "xcb.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGE_DPI = 144,
    LONGEST = 16384, /* of a property, in words of four bytes */
};

/* --- connecting ------------------------------------------------------------------------------- */

static bool load(struct x *x) {
    void *library = dlopen("libxcb.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        return false;
    }
    /* POSIX lets dlsym() give functions as objects; ISO C has no cast for that, but memcpy(). */
    void *found;
#define XCB_LOAD(name)                                                                             \
    found = dlsym(library, "xcb_" #name);                                                          \
    if (!found) {                                                                                  \
        return false;                                                                              \
    }                                                                                              \
    memcpy(&x->name, &found, sizeof found);
    XCB_CALLS(XCB_LOAD)
#undef XCB_LOAD
    return true;
}

static bool has_words_for_pixels(const struct x *x, const xcb_setup_t *setup) {
    const uint16_t one = 1;
    bool little = *(const uint8_t *)&one == 1;
    const xcb_format_t *formats = x->setup_pixmap_formats(setup);
    for (int i = 0; i < x->setup_pixmap_formats_length(setup); i++) {
        if (formats[i].depth == x->screen->root_depth) {
            return formats[i].bits_per_pixel == 32 &&
                   little == (setup->image_byte_order == XCB_IMAGE_ORDER_LSB_FIRST);
        }
    }
    return false;
}

static bool has_our_colours(const struct x *x) {
    xcb_depth_iterator_t depths = x->screen_allowed_depths_iterator(x->screen);
    for (; depths.rem > 0; x->depth_next(&depths)) {
        xcb_visualtype_iterator_t visuals = x->depth_visuals_iterator(depths.data);
        for (; visuals.rem > 0; x->visualtype_next(&visuals)) {
            const xcb_visualtype_t *visual = visuals.data;
            if (visual->visual_id == x->screen->root_visual) {
                return visual->red_mask == 0xff0000 && visual->green_mask == 0xff00 &&
                       visual->blue_mask == 0xff;
            }
        }
    }
    return false;
}

static bool find_screen(struct x *x, int preferred) {
    const xcb_setup_t *setup = x->get_setup(x->connection);
    xcb_screen_iterator_t screens = x->setup_roots_iterator(setup);
    while (screens.rem > 1 && preferred-- > 0) {
        x->screen_next(&screens);
    }
    x->screen = screens.data;
    return screens.rem > 0 && has_words_for_pixels(x, setup) && has_our_colours(x);
}

bool x_open(struct x *x) {
    int preferred = 0;
    if (!load(x)) {
        return false;
    }
    x->connection = x->connect(NULL, &preferred);
    if (x->connection_has_error(x->connection) == 0 && find_screen(x, preferred)) {
        return true;
    }
    x_close(x);
    return false;
}

void x_close(struct x *x) { x->disconnect(x->connection); }

/* --- asking ----------------------------------------------------------------------------------- */

bool x_atoms(const struct x *x, const char *const *names, unsigned count, xcb_atom_t *atoms) {
    xcb_intern_atom_cookie_t cookies[MOST_ATOMS];
    bool all = count <= MOST_ATOMS;
    for (unsigned i = 0; all && i < count; i++) {
        cookies[i] = x->intern_atom(x->connection, 0, (uint16_t)strlen(names[i]), names[i]);
    }
    for (unsigned i = 0; all && i < count; i++) {
        xcb_intern_atom_reply_t *reply = x->intern_atom_reply(x->connection, cookies[i], NULL);
        all = reply != NULL;
        atoms[i] = reply ? reply->atom : XCB_NONE;
        free(reply);
    }
    return all;
}

/* A property's bytes, with a zero after them, to be freed; NULL: there is none. */
static char *property(const struct x *x, xcb_window_t window, xcb_atom_t name, size_t *size) {
    xcb_get_property_cookie_t cookie =
        x->get_property(x->connection, 0, window, name, XCB_ATOM_ANY, 0, LONGEST);
    xcb_get_property_reply_t *reply = x->get_property_reply(x->connection, cookie, NULL);
    char *bytes = NULL;
    int length = reply ? x->get_property_value_length(reply) : 0;
    if (length > 0 && (bytes = malloc((size_t)length + 1)) != NULL) {
        memcpy(bytes, x->get_property_value(reply), (size_t)length);
        bytes[length] = '\0';
        *size = (size_t)length;
    }
    free(reply);
    return bytes;
}

/* --- the desktop ------------------------------------------------------------------------------ */

unsigned x_scale(const struct x *x) {
    size_t size;
    char *resources = property(x, x->screen->root, XCB_ATOM_RESOURCE_MANAGER, &size);
    const char *found = resources ? strstr(resources, "Xft.dpi:") : NULL;
    bool large = found && strtol(found + strlen("Xft.dpi:"), NULL, 10) >= LARGE_DPI;
    free(resources);
    return large ? 2 : 1;
}

/* XSETTINGS 0.5: a string's name, filled up to a word, four bytes of a serial, four of a length. */
static bool names_dark(const char *settings, size_t size) {
    static const char NAME[] = "Net/ThemeName";
    const char *found = memmem(settings, size, NAME, sizeof NAME - 1);
    size_t skip = (sizeof NAME - 1 + 3) / 4 * 4;
    uint32_t length;
    if (!found || (size_t)(settings + size - found) < skip + 8) {
        return false;
    }
    size_t left = (size_t)(settings + size - found) - skip - 8;
    memcpy(&length, found + skip + 4, sizeof length);
    const char *theme = found + skip + 8;
    size_t shown = length < left ? length : left;
    return memmem(theme, shown, "dark", 4) || memmem(theme, shown, "Dark", 4);
}

bool x_is_dark(const struct x *x) {
    static const char *const NAMES[] = {"_XSETTINGS_S0", "_XSETTINGS_SETTINGS"};
    xcb_atom_t atoms[2];
    size_t size;
    if (!x_atoms(x, NAMES, 2, atoms)) {
        return false;
    }
    xcb_get_selection_owner_cookie_t cookie = x->get_selection_owner(x->connection, atoms[0]);
    xcb_get_selection_owner_reply_t *reply =
        x->get_selection_owner_reply(x->connection, cookie, NULL);
    xcb_window_t owner = reply ? reply->owner : XCB_NONE;
    free(reply);
    char *settings = owner ? property(x, owner, atoms[1], &size) : NULL;
    bool dark = settings && names_dark(settings, size);
    free(settings);
    return dark;
}
