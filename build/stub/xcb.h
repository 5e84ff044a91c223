/* libxcb, found while running: nothing here needs it to start. */

#ifndef TWOCAN_XCB_H
#define TWOCAN_XCB_H

#include <stdbool.h>
#include <xcb/xcb.h>

#define XCB_CALLS(CALL)                                                                            \
    CALL(change_property)                                                                          \
    CALL(connect)                                                                                  \
    CALL(connection_has_error)                                                                     \
    CALL(create_gc)                                                                                \
    CALL(create_window)                                                                            \
    CALL(depth_next)                                                                               \
    CALL(depth_visuals_iterator)                                                                   \
    CALL(disconnect)                                                                               \
    CALL(flush)                                                                                    \
    CALL(generate_id)                                                                              \
    CALL(get_file_descriptor)                                                                      \
    CALL(get_maximum_request_length)                                                               \
    CALL(get_property)                                                                             \
    CALL(get_property_reply)                                                                       \
    CALL(get_property_value)                                                                       \
    CALL(get_property_value_length)                                                                \
    CALL(get_selection_owner)                                                                      \
    CALL(get_selection_owner_reply)                                                                \
    CALL(get_setup)                                                                                \
    CALL(intern_atom)                                                                              \
    CALL(intern_atom_reply)                                                                        \
    CALL(map_window)                                                                               \
    CALL(poll_for_event)                                                                           \
    CALL(put_image)                                                                                \
    CALL(screen_allowed_depths_iterator)                                                           \
    CALL(setup_pixmap_formats)                                                                     \
    CALL(setup_pixmap_formats_length)                                                              \
    CALL(setup_roots_iterator)                                                                     \
    CALL(screen_next)                                                                              \
    CALL(visualtype_next)

/* A connection, its screen, and the functions to speak to it with: x->flush is xcb_flush. */
struct x {
#define XCB_FIELD(name) __typeof__(xcb_##name) *name;
    XCB_CALLS(XCB_FIELD)
#undef XCB_FIELD
    xcb_connection_t *connection;
    const xcb_screen_t *screen;
};

enum { MOST_ATOMS = 16 };

/* False: there is no libxcb, no server, or none that shows pixels of 32 bits (0x00RRGGBB). */
bool x_open(struct x *x);
void x_close(struct x *x);
/* The numbers of these names, all in one round trip. */
bool x_atoms(const struct x *x, const char *const *names, unsigned count, xcb_atom_t *atoms);
/* 2 where letters are to be at least half as large again as usual, else 1. */
unsigned x_scale(const struct x *x);
/* Whether the desktop's theme is a dark one. */
bool x_is_dark(const struct x *x);

#endif
