/* The self-extracting file: makes sure that the program it carries is unpacked, and becomes it.

   Folders, under $XDG_DATA_HOME/twocan/program:
       <version>-<16 hex>/   a whole program; whoever runs it holds a shared lock on it
       .lock                 held (exclusively) by who unpacks or removes something
       .new-<pid>/           half unpacked: renamed to its own name once it is whole, and on disk
       .old-<pid>/           on its way out

   A crash, a full disk or a second one at the same time leave the program there whole, or not at
   all. Exit code: 1 with one line on standard error, or else that of the program. */

#include "stub.h"
#include "window.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK_ON_DISK = 4096, /* bytes that a file's last part takes */
    MARGIN = 1 << 20,     /* bytes that are to stay free */
};

struct start {
    int argc;
    char **argv;
    struct payload payload;
    struct folder folder;
    struct progress progress;
    struct window *window;
    struct failure failure;
};

/* --- running it ------------------------------------------------------------------------------- */

enum held { HELD, MISSING, BROKEN };

static bool has_program(int folder) {
    struct stat program;
    return fstatat(folder, PROGRAM, &program, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(program.st_mode) && faccessat(folder, PROGRAM, X_OK, 0) == 0;
}

/* Some file systems have no such locks; then nothing that is used is removed at the same time,
   or the person starts it again. */
static bool is_locked_by_other(int opened) {
    return flock(opened, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

/* Opens the unpacked program's folder and locks it, for as long as this process lives: the lock
   passes on to the program that it becomes. */
static enum held hold(const struct start *start) {
    int folder = start->folder.at;
    const char *id = start->payload.id;
    int opened = openat(folder, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (opened < 0) {
        return errno == ENOENT ? MISSING : BROKEN;
    }
    enum held held = HELD;
    if (is_locked_by_other(opened) || !is_still(folder, id, opened)) {
        held = MISSING; /* somebody is removing it */
    } else if (!has_program(opened)) {
        held = BROKEN;
    }
    if (held != HELD) {
        (void)close(opened); /* only read from */
    }
    return held;
}

/* Returns only if it cannot be run. */
static bool become(struct start *start) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s/" PROGRAM, start->folder.path,
                          start->payload.id);
    if (length < 0 || (size_t)length >= sizeof path) {
        return fail(&start->failure, "%s has too long a name", start->folder.path);
    }
    heed_signals();
    if (start->argc > 0) {
        start->argv[0] = path;
    }
    (void)execv(path, start->argv);
    return fail(&start->failure, "%s cannot be run: %s", path, strerror(errno));
}

/* --- unpacking it ----------------------------------------------------------------------------- */

/* Everything is on the disk before it gets its name, so that no crash leaves half of it. */
static bool fill(struct start *start, const char *name) {
    struct failure *failure = &start->failure;
    int folder = openat(start->folder.at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) {
        return fail(failure, "%s cannot be written: %s", start->folder.path, strerror(errno));
    }
    bool filled = unpack(&start->payload, folder, &start->progress, failure);
    if (filled && !has_program(folder)) {
        filled = fail_damaged(failure);
    }
    if (filled && syncfs(folder) != 0) {
        filled = fail(failure, "the disk did not take it all: %s", strerror(errno));
    }
    (void)close(folder); /* only read from */
    return filled && !stopped(&start->progress);
}

/* A broken program in its place is moved aside first. */
static bool give_name(struct start *start, const char *made, const char *aside) {
    int folder = start->folder.at;
    const char *id = start->payload.id;
    if (renameat(folder, id, folder, aside) != 0 && errno != ENOENT) {
        return fail(&start->failure, "%s/%s cannot be replaced: %s", start->folder.path, id,
                    strerror(errno));
    }
    if (renameat(folder, made, folder, id) != 0 || fsync(folder) != 0) {
        return fail(&start->failure, "%s cannot be written: %s", start->folder.path,
                    strerror(errno));
    }
    return true;
}

static bool install(struct start *start) {
    int folder = start->folder.at;
    uint64_t needed = start->payload.unpacked + MARGIN;
    needed += (uint64_t)start->payload.entries * BLOCK_ON_DISK;
    remove_leftovers(folder);
    if (!payload_check_program(&start->payload, &start->failure) ||
        !folder_fits(&start->folder, needed, &start->failure)) {
        return false;
    }
    char made[32], aside[32];
    (void)snprintf(made, sizeof made, ".new-%d", (int)getpid());
    (void)snprintf(aside, sizeof aside, ".old-%d", (int)getpid());
    if (mkdirat(folder, made, 0700) != 0) {
        return fail(&start->failure, "%s cannot be written: %s", start->folder.path,
                    strerror(errno));
    }
    bool done = fill(start, made) && give_name(start, made, aside);
    if (!done) {
        (void)remove_tree(folder, made); /* or the next one does */
    }
    (void)remove_tree(folder, aside);
    return done;
}

/* Holds the program that was there, or was unpacked now. */
static bool obtain(struct start *start) {
    start->progress.total = start->payload.unpacked;
    int lock = folder_lock(&start->folder, &start->progress, &start->failure);
    if (lock < 0) {
        return false;
    }
    enum held held = hold(start);
    if (held != HELD && install(start)) {
        held = hold(start);
        if (held != HELD) {
            (void)fail(&start->failure, "somebody took %s/%s away: start again",
                       start->folder.path, start->payload.id);
        }
    }
    (void)close(lock); /* nothing was written; it lets the next one in */
    return held == HELD;
}

/* Modes are as they are meant, whatever mask the person has. */
static bool obtain_unmasked(struct start *start) {
    mode_t mask = umask(022);
    bool obtained = obtain(start);
    (void)umask(mask);
    return obtained;
}

/* --- the start -------------------------------------------------------------------------------- */

/* Whatever is opened must not take the place of what the program prints to. */
static bool fill_standard_descriptors(void) {
    for (int i = 0; i <= 2; i++) {
        if (fcntl(i, F_GETFD) < 0 && open("/dev/null", O_RDWR) != i) {
            return false;
        }
    }
    return true;
}

/* Commands run where nobody looks. */
static bool is_for_window(const struct start *start) {
    return start->argc <= 1 || strncasecmp(start->argv[1], "twocan:", 7) == 0;
}

static bool run(struct start *start) {
    struct failure *failure = &start->failure;
    if (getuid() != geteuid() || getgid() != getegid()) {
        return fail(failure, "nobody lends their rights to Twocan: take them from this file "
                             "(chmod u-s,g-s)");
    }
    if (!payload_open(&start->payload, failure) || !folder_find(&start->folder, failure)) {
        return false;
    }
    if (start->folder.at >= 0 && hold(start) == HELD) {
        return become(start);
    }
    if (!note_signals(failure)) {
        return false;
    }
    if (is_for_window(start)) {
        start->window = window_open(&start->progress);
    }
    return obtain_unmasked(start) && become(start);
}

static void explain(struct start *start) {
    const char *text = start->failure.text;
    if (!text[0]) {
        (void)fprintf(stderr, "twocan: stopped before it was unpacked\n");
        return;
    }
    (void)fprintf(stderr, "twocan: %s\n", text);
    if (!start->window && is_for_window(start)) {
        start->window = window_open(&start->progress);
    }
    if (start->window) {
        window_show_failure(start->window, text);
    }
}

int main(int argc, char **argv) {
    static struct start start;
    start.argc = argc;
    start.argv = argv;
    if (!fill_standard_descriptors()) {
        return EXIT_FAILURE;
    }
    (void)run(&start); /* it returns only if something is wrong */
    explain(&start);
    heed_signals();
    return EXIT_FAILURE;
}
