/* A signal that asks to end is noted while there is something to clean up. */

#include "stub.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static const int ENDING[] = {SIGHUP, SIGINT, SIGTERM};
enum { ENDINGS = sizeof ENDING / sizeof ENDING[0] };

/* A handler has no argument of ours, so this one thing belongs to the whole process. */
static volatile sig_atomic_t caught;

static void note(int signal) { caught = signal; }

static bool replace(int signal, void (*old)(int), void (*with)(int)) {
    struct sigaction action;
    if (sigaction(signal, NULL, &action) != 0) {
        return false;
    }
    if (action.sa_handler != old) {
        return true; /* who starts it with signals ignored, as nohup does, means it */
    }
    memset(&action, 0, sizeof action);
    action.sa_handler = with;
    return sigaction(signal, &action, NULL) == 0;
}

bool note_signals(struct failure *failure) {
    for (int i = 0; i < ENDINGS; i++) {
        if (!replace(ENDING[i], SIG_DFL, note)) {
            return fail(failure, "signals cannot be noted: %s", strerror(errno));
        }
    }
    return true;
}

void heed_signals(void) {
    for (int i = 0; i < ENDINGS; i++) {
        (void)replace(ENDING[i], note, SIG_DFL); /* what was replaced once can be again */
    }
    if (caught) {
        (void)raise(caught);
    }
}

bool stopped(const struct progress *progress) {
    return caught || atomic_load_explicit(&progress->stop, memory_order_relaxed);
}
