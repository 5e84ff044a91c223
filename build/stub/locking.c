/* The lock of the folder of programs: one at a time unpacks there, or removes. */

#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_AGAIN = 20000000 }; /* nanoseconds */
static const char NAME[] = ".lock";

bool is_still(int folder, const char *name, int opened) {
    struct stat now, then;
    return fstatat(folder, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && fstat(opened, &then) == 0 &&
           now.st_dev == then.st_dev && now.st_ino == then.st_ino;
}

static int open_lock(struct folder *folder, struct failure *failure) {
    int lock = -1;
    do {
        if (!folder_make(folder, failure)) {
            return -1;
        }
        lock = openat(folder->at, NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    } while (lock < 0 && errno == ENOENT); /* the folder was removed just now */
    if (lock < 0) {
        (void)fail(failure, "%s cannot be written: %s", folder->path, strerror(errno));
    }
    return lock;
}

/* Nobody waits for a signal or a closed window. */
static bool wait_for(int lock, const struct folder *folder, const struct progress *progress,
                     struct failure *failure) {
    const struct timespec pause = {0, LOOK_AGAIN};
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return fail(failure, "%s cannot be locked: %s (set XDG_DATA_HOME to a folder on a disk "
                        "of this machine)", folder->path, strerror(errno));
        }
        if (stopped(progress)) {
            return false;
        }
        (void)nanosleep(&pause, NULL); /* or until a signal */
    }
    return true;
}

int folder_lock(struct folder *folder, const struct progress *progress, struct failure *failure) {
    int lock;
    while ((lock = open_lock(folder, failure)) >= 0) {
        bool held = wait_for(lock, folder, progress, failure);
        if (held && is_still(folder->at, NAME, lock)) {
            break;
        }
        (void)close(lock); /* nothing was written */
        if (!held) {
            return -1;
        }
        /* Uninstalling removed it, while it was waited for; what nobody can find locks nothing. */
    }
    return lock;
}
