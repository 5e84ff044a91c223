/* Removing what is not needed, and nothing of anybody else's. */

#include "stub.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 64 };

static bool is_dots(const char *name) { return !strcmp(name, ".") || !strcmp(name, ".."); }

static bool remove_at(int folder, const char *name, unsigned deep);

static bool empty(DIR *listing, unsigned deep) {
    bool all = true;
    struct dirent *entry;
    while ((errno = 0, entry = readdir(listing)) != NULL) {
        all = (is_dots(entry->d_name) || remove_at(dirfd(listing), entry->d_name, deep)) && all;
    }
    return all && errno == 0;
}

/* An opened folder of ours, or NULL. */
static DIR *open_ours(int folder, const char *name) {
    struct stat owner;
    int opened = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) {
        return NULL;
    }
    DIR *listing = NULL;
    if (fstat(opened, &owner) == 0 && owner.st_uid == geteuid()) {
        listing = fdopendir(opened);
    }
    if (!listing) {
        (void)close(opened); /* only read from */
    }
    return listing;
}

static bool remove_at(int folder, const char *name, unsigned deep) {
    if (unlinkat(folder, name, 0) == 0) {
        return true;
    }
    DIR *listing = deep < DEEPEST ? open_ours(folder, name) : NULL;
    if (!listing) {
        return false;
    }
    bool emptied = empty(listing, deep + 1);
    (void)closedir(listing); /* only read from */
    return emptied && unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

bool remove_tree(int folder, const char *name) { return remove_at(folder, name, 0); }

static bool is_leftover(const char *name) {
    return !strncmp(name, ".new-", 5) || !strncmp(name, ".old-", 5);
}

/* Whether a program still runs out of it: that holds the folder's lock. */
static bool is_in_use(int folder, const char *name) {
    int opened = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) {
        return false;
    }
    bool used = flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)close(opened); /* only read from */
    return used;
}

void remove_leftovers(int folder) {
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = again >= 0 ? fdopendir(again) : NULL;
    if (!listing) {
        if (again >= 0) {
            (void)close(again); /* only read from */
        }
        return; /* unpacking will say what is wrong */
    }
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (is_leftover(entry->d_name) && !is_in_use(folder, entry->d_name)) {
            (void)remove_tree(folder, entry->d_name); /* what is left, the next one tries again */
        }
    }
    (void)closedir(listing); /* only read from */
}
