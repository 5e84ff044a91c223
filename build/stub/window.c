/* The window's own thread: everything that is said to the X server, and heard of it. */

#include "window.h"

#include "picture.h"
#include "xcb.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    FRAME = 33,           /* milliseconds between two looks at how far it is */
    GLANCE = 50,          /* milliseconds between two looks at whether the window is gone */
    PATIENCE = 3000,      /* milliseconds for an X server that does not answer */
    PUT_IMAGE_HEAD = 24,  /* bytes before the pixels (X protocol 11) */
    SWEEP = 1500,         /* milliseconds for once along the bar, while nothing is known */
    SIZE_WORDS = 18,      /* of WM_SIZE_HINTS (ICCCM 4.1.2.3) */
    MIN_AND_MAX = 1 << 4 | 1 << 5,
};

enum atom {
    NET_WM_ICON,
    NET_WM_NAME,
    NET_WM_PID,
    NET_WM_WINDOW_TYPE,
    NET_WM_WINDOW_TYPE_DIALOG,
    UTF8_STRING,
    WM_DELETE_WINDOW,
    WM_PROTOCOLS,
    ATOMS,
};

static const char *const NAMES[ATOMS] = {
    "_NET_WM_ICON",     "_NET_WM_NAME",     "_NET_WM_PID", "_NET_WM_WINDOW_TYPE",
    "_NET_WM_WINDOW_TYPE_DIALOG", "UTF8_STRING", "WM_DELETE_WINDOW", "WM_PROTOCOLS",
};

struct window {
    struct progress *progress;
    _Atomic(const char *) failure; /* what is to be shown instead of the bar */
    atomic_bool shown, over;
    /* The thread's alone: */
    struct x x;
    struct picture picture;
    xcb_window_t id;
    xcb_gcontext_t context;
    xcb_atom_t atoms[ATOMS];
    const char *text;   /* that is shown */
    unsigned long step; /* of the bar that is shown */
};

/* --- making it -------------------------------------------------------------------------------- */

static void set(struct window *window, xcb_atom_t name, xcb_atom_t type, uint8_t format,
                size_t count, const void *values) {
    window->x.change_property(window->x.connection, XCB_PROP_MODE_REPLACE, window->id, name, type,
                              format, (uint32_t)count, values);
}

static void name_it(struct window *window) {
    static const char NAME[] = "Twocan", CLASS[] = "twocan\0twocan";
    char machine[256] = "";
    uint32_t process = (uint32_t)getpid();
    set(window, XCB_ATOM_WM_NAME, XCB_ATOM_STRING, 8, sizeof NAME - 1, NAME);
    set(window, window->atoms[NET_WM_NAME], window->atoms[UTF8_STRING], 8, sizeof NAME - 1, NAME);
    set(window, XCB_ATOM_WM_CLASS, XCB_ATOM_STRING, 8, sizeof CLASS, CLASS);
    set(window, window->atoms[NET_WM_PID], XCB_ATOM_CARDINAL, 32, 1, &process);
    if (gethostname(machine, sizeof machine - 1) == 0) { /* a process is one of a machine's */
        set(window, XCB_ATOM_WM_CLIENT_MACHINE, XCB_ATOM_STRING, 8, strlen(machine), machine);
    }
}

/* EWMH 1.5: the number of columns and rows, then the pixels. */
static void give_icon(struct window *window) {
    static uint32_t icon[2 + ICON * ICON] = {ICON, ICON};
    const uint8_t *bytes = window->picture.art->icon;
    for (unsigned i = 0; i < ICON * ICON; i++, bytes += 4) {
        icon[2 + i] = (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 |
                      (uint32_t)bytes[1] << 8 | bytes[0];
    }
    set(window, window->atoms[NET_WM_ICON], XCB_ATOM_CARDINAL, 32, 2 + ICON * ICON, icon);
}

static void describe(struct window *window) {
    uint32_t width = window->picture.width, height = window->picture.height;
    uint32_t sizes[SIZE_WORDS] = {[0] = MIN_AND_MAX, [5] = width, height, width, height};
    name_it(window);
    give_icon(window);
    set(window, XCB_ATOM_WM_NORMAL_HINTS, XCB_ATOM_WM_SIZE_HINTS, 32, SIZE_WORDS, sizes);
    set(window, window->atoms[NET_WM_WINDOW_TYPE], XCB_ATOM_ATOM, 32, 1,
        &window->atoms[NET_WM_WINDOW_TYPE_DIALOG]);
    set(window, window->atoms[WM_PROTOCOLS], XCB_ATOM_ATOM, 32, 1,
        &window->atoms[WM_DELETE_WINDOW]);
}

/* In the middle of the screen, where no window manager knows better. */
static void create(struct window *window) {
    struct x *x = &window->x;
    const xcb_screen_t *screen = x->screen;
    unsigned width = window->picture.width, height = window->picture.height;
    int left = (screen->width_in_pixels - (int)width) / 2;
    int top = (screen->height_in_pixels - (int)height) / 2;
    uint32_t values[] = {window->picture.pixels[0], XCB_EVENT_MASK_EXPOSURE |
                                                        XCB_EVENT_MASK_BUTTON_PRESS |
                                                        XCB_EVENT_MASK_KEY_PRESS};
    window->id = x->generate_id(x->connection);
    window->context = x->generate_id(x->connection);
    x->create_window(x->connection, XCB_COPY_FROM_PARENT, window->id, screen->root, (int16_t)left,
                     (int16_t)top, (uint16_t)width, (uint16_t)height, 0,
                     XCB_WINDOW_CLASS_INPUT_OUTPUT, screen->root_visual,
                     XCB_CW_BACK_PIXEL | XCB_CW_EVENT_MASK, values);
    x->create_gc(x->connection, window->context, window->id, 0, NULL);
    describe(window);
    x->map_window(x->connection, window->id);
}

/* --- painting --------------------------------------------------------------------------------- */

/* These rows, in as many requests as they need. */
static void put(struct window *window, unsigned top, unsigned bottom) {
    struct x *x = &window->x;
    const struct picture *picture = &window->picture;
    size_t most = x->get_maximum_request_length(x->connection) * (size_t)4 - PUT_IMAGE_HEAD;
    unsigned rows = (unsigned)(most / (picture->width * sizeof *picture->pixels));
    while (rows > 0 && top < bottom) {
        unsigned some = bottom - top < rows ? bottom - top : rows;
        const uint32_t *pixels = picture->pixels + (size_t)top * picture->width;
        x->put_image(x->connection, XCB_IMAGE_FORMAT_Z_PIXMAP, window->id, window->context,
                     (uint16_t)picture->width, (uint16_t)some, 0, (int16_t)top, 0,
                     x->screen->root_depth,
                     (uint32_t)((size_t)some * picture->width * sizeof *pixels),
                     (const uint8_t *)pixels);
        top += some;
    }
}

static unsigned long milliseconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* a clock that every Linux has */
    return (unsigned long)now.tv_sec * 1000 + (unsigned long)now.tv_nsec / 1000000;
}

/* True progress; while another one unpacks, something that moves. Returns whether it changed. */
static bool draw_bar(struct window *window) {
    double done = (double)atomic_load(&window->progress->done);
    unsigned long length = window->picture.width;
    if (done > 0) {
        double share = done / (double)window->progress->total;
        unsigned long step = (unsigned long)(share * (double)length) + 1;
        if (step == window->step) {
            return false;
        }
        window->step = step;
        picture_bar(&window->picture, 0, share);
        return true;
    }
    double along = (double)(milliseconds() % SWEEP) / SWEEP * 1.25;
    picture_bar(&window->picture, along - 0.25, along);
    return true;
}

static void paint(struct window *window) {
    struct picture *picture = &window->picture;
    const char *text = atomic_load(&window->failure);
    if (text && text != window->text) {
        window->text = text;
        picture_text(picture, text);
        put(window, 0, picture->height);
    } else if (!text && draw_bar(window)) {
        put(window, BAR_TOP * picture->scale, (BAR_TOP + BAR_HEIGHT) * picture->scale);
    }
    (void)window->x.flush(window->x.connection); /* a lost server is noticed by what it says */
}

/* --- listening -------------------------------------------------------------------------------- */

/* False: the person wants it gone. */
static bool take(struct window *window, const xcb_generic_event_t *event) {
    switch (event->response_type & 0x7f) {
    case XCB_EXPOSE:
        put(window, 0, window->picture.height);
        atomic_store(&window->shown, true);
        return true;
    case XCB_CLIENT_MESSAGE:
        return ((const xcb_client_message_event_t *)event)->data.data32[0] !=
               window->atoms[WM_DELETE_WINDOW];
    case XCB_BUTTON_PRESS:
    case XCB_KEY_PRESS:
        return !window->text;
    default:
        return true;
    }
}

static bool take_all(struct window *window) {
    xcb_generic_event_t *event;
    bool wanted = true;
    while (wanted && (event = window->x.poll_for_event(window->x.connection)) != NULL) {
        wanted = take(window, event);
        free(event);
    }
    return wanted;
}

static void live(struct window *window) {
    struct pollfd server = {.fd = window->x.get_file_descriptor(window->x.connection),
                            .events = POLLIN};
    do {
        if (!take_all(window)) {
            atomic_store(&window->progress->stop, true);
            return;
        }
        paint(window);
        (void)poll(&server, 1, FRAME); /* whatever it says, there is a look next */
    } while (window->x.connection_has_error(window->x.connection) == 0);
}

static void *show(void *given) {
    struct window *window = given;
    struct x *x = &window->x;
    if (x_open(x)) {
        if (x_atoms(x, NAMES, ATOMS, window->atoms) &&
            picture_begin(&window->picture, x_scale(x), x_is_dark(x))) {
            picture_bar(&window->picture, 0, 0);
            create(window);
            live(window);
            picture_end(&window->picture);
        }
        x_close(x);
    }
    atomic_store(&window->over, true);
    return NULL;
}

/* --- for the others --------------------------------------------------------------------------- */

/* With every signal blocked: those that ask to end are the main thread's, and a server that is
   gone (SIGPIPE) is an error like others. */
static bool start(struct window *window) {
    pthread_t thread;
    sigset_t all, before;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
        return false;
    }
    bool started = pthread_create(&thread, NULL, show, window) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* worked before */
    return started && pthread_detach(thread) == 0;
}

struct window *window_open(struct progress *progress) {
    if (!getenv("DISPLAY")) {
        return NULL;
    }
    struct window *window = calloc(1, sizeof *window);
    if (!window) {
        return NULL;
    }
    window->progress = progress;
    if (!start(window)) {
        free(window);
        return NULL;
    }
    return window;
}

void window_show_failure(struct window *window, const char *text) {
    const struct timespec glance = {0, GLANCE * 1000000l};
    unsigned long begun = milliseconds();
    atomic_store(&window->progress->stop, false);
    atomic_store(&window->failure, text);
    while (!atomic_load(&window->over) && !stopped(window->progress)) {
        if (!atomic_load(&window->shown) && milliseconds() - begun > PATIENCE) {
            return;
        }
        (void)nanosleep(&glance, NULL); /* or until a signal */
    }
}
