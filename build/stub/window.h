/* The small window that shows how far it is, or why it cannot go on.

   It has a thread of its own, so nothing ever waits for the X server. Without one, or without
   libxcb, there is no window and everything else is the same. */

#ifndef TWOCAN_WINDOW_H
#define TWOCAN_WINDOW_H

#include "stub.h"

struct window;

/* NULL where there can be none. Closing it by hand sets `progress->stop`. */
struct window *window_open(struct progress *progress);
/* Shows these words until somebody closes the window, clicks or presses a key. */
void window_show_failure(struct window *window, const char *text);

#endif
