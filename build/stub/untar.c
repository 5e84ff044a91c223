/* Files, folders and links out of a tar that comes in pieces. */

#include "untar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_writing(struct failure *failure) {
    if (errno == ENOSPC || errno == EDQUOT) {
        return fail(failure, "the disk became full while unpacking: make room and start again");
    }
    if (errno == EEXIST || errno == ENOTDIR || errno == ELOOP) {
        return fail_damaged(failure); /* nothing was there before: two entries contradict */
    }
    return fail(failure, "unpacking stopped: %s", strerror(errno));
}

void untar_begin(struct untar *untar, int folder, struct progress *progress) {
    memset(untar, 0, sizeof *untar);
    untar->folder = folder;
    untar->progress = progress;
    untar->file = -1;
}

/* --- entries ---------------------------------------------------------------------------------- */

/* Goes one folder down, which is made if it is not there, and lets go of the one above. */
static int descend(const struct untar *untar, int above, const char *name) {
    int below = -1;
    if (mkdirat(above, name, 0755) == 0 || errno == EEXIST) {
        below = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    int reason = errno;
    if (above != untar->folder) {
        (void)close(above); /* only read from */
    }
    errno = reason;
    return below;
}

/* The folder that the thing of this name is to be in, and its last part. The name is cut. */
static int descend_to(const struct untar *untar, char *name, const char **last) {
    int folder = untar->folder;
    char *slash;
    while (folder >= 0 && (slash = strchr(name, '/')) != NULL) {
        *slash = '\0';
        folder = descend(untar, folder, name);
        name = slash + 1;
    }
    *last = name;
    return folder;
}

static bool make(struct untar *untar, const struct entry *entry, int folder, const char *name) {
    if (entry->kind == '5') {
        return mkdirat(folder, name, 0755) == 0 || errno == EEXIST;
    }
    if (entry->kind == '2') {
        return symlinkat(entry->target, folder, name) == 0;
    }
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    untar->file = openat(folder, name, flags, entry->executable ? 0755 : 0644);
    untar->left = entry->size;
    untar->fill = (BLOCK - entry->size % BLOCK) % BLOCK;
    return untar->file >= 0;
}

static bool finish_file(struct untar *untar, struct failure *failure) {
    int file = untar->file;
    if (untar->left > 0 || file < 0) {
        return true;
    }
    untar->file = -1;
    /* Begins to reach the disk now, so that there is little to wait for at the end. A hint only:
       syncfs() tells what went wrong. */
    (void)sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
    return close(file) == 0 || fail_writing(failure);
}

static bool begin_entry(struct untar *untar, struct failure *failure) {
    struct entry entry;
    const char *last;
    if (untar->zeros > 0 || !entry_parse(untar->block, &entry)) {
        return fail_damaged(failure);
    }
    if (entry.size > untar->progress->total) {
        return fail_damaged(failure);
    }
    int folder = descend_to(untar, entry.name, &last);
    bool made = folder >= 0 && make(untar, &entry, folder, last);
    int reason = errno;
    if (folder >= 0 && folder != untar->folder) {
        (void)close(folder); /* only read from */
    }
    errno = reason;
    return made ? finish_file(untar, failure) : fail_writing(failure);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static bool write_all(int file, const unsigned char *bytes, size_t size, struct failure *failure) {
    while (size > 0) {
        ssize_t wrote = write(file, bytes, size);
        if (wrote < 0 && errno != EINTR) {
            return fail_writing(failure);
        }
        if (wrote > 0) {
            bytes += wrote;
            size -= (size_t)wrote;
        }
    }
    return true;
}

static bool take_contents(struct untar *untar, const unsigned char *bytes, size_t size,
                          struct failure *failure) {
    struct progress *progress = untar->progress;
    uint64_t before = atomic_fetch_add(&progress->done, size);
    if (before + size > progress->total) {
        return fail_damaged(failure); /* more than there was room asked for */
    }
    untar->left -= size;
    return write_all(untar->file, bytes, size, failure) && finish_file(untar, failure);
}

static bool take_header(struct untar *untar, const unsigned char *bytes, size_t size,
                        struct failure *failure) {
    static const unsigned char EMPTY[BLOCK];
    memcpy(untar->block + untar->filled, bytes, size);
    untar->filled += size;
    if (untar->filled < BLOCK) {
        return true;
    }
    untar->filled = 0;
    if (memcmp(untar->block, EMPTY, BLOCK) == 0) {
        untar->zeros++;
        return true;
    }
    return begin_entry(untar, failure);
}

static size_t least(size_t size, uint64_t other) { return other < size ? (size_t)other : size; }

bool untar_feed(struct untar *untar, const unsigned char *bytes, size_t size,
                struct failure *failure) {
    while (size > 0) {
        size_t part;
        bool taken = true;
        if (untar->left > 0) {
            part = least(size, untar->left);
            taken = take_contents(untar, bytes, part, failure);
        } else if (untar->fill > 0) {
            part = least(size, untar->fill);
            untar->fill -= part;
        } else {
            part = least(size, BLOCK - untar->filled);
            taken = take_header(untar, bytes, part, failure);
        }
        if (!taken) {
            return false;
        }
        bytes += part;
        size -= part;
    }
    return true;
}

bool untar_is_whole(const struct untar *untar) {
    return untar->zeros >= 2 && untar->filled == 0;
}

void untar_end(struct untar *untar) {
    if (untar->file >= 0) {
        (void)close(untar->file); /* half a file, that is removed */
        untar->file = -1;
    }
}
