/* The folder of programs: where it is, whose it is, and whether it will do.

   XDG Base Directory Specification 0.8: $XDG_DATA_HOME, if it is absolute, else ~/.local/share. */

#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* --- where ------------------------------------------------------------------------------------ */

static const char *home(void) {
    const char *said = getenv("HOME");
    if (said && said[0] == '/') {
        return said;
    }
    const struct passwd *user = getpwuid(getuid());
    return user && user->pw_dir && user->pw_dir[0] == '/' ? user->pw_dir : NULL;
}

static bool place(struct folder *folder, struct failure *failure) {
    const char *data = getenv("XDG_DATA_HOME");
    const char *below = "/twocan/program";
    if (!data || data[0] != '/') {
        data = home();
        below = "/.local/share/twocan/program";
    }
    if (!data) {
        return fail(failure, "there is no home folder: set HOME to one");
    }
    int length = snprintf(folder->path, sizeof folder->path, "%s%s", data, below);
    /* With room for the name of what is unpacked there, and of the program in it. */
    if (length < 0 || (size_t)length + ID_SPACE + sizeof PROGRAM + 2 > sizeof folder->path) {
        return fail(failure, "the home folder's name is too long: set XDG_DATA_HOME to another");
    }
    return true;
}

/* --- whose ------------------------------------------------------------------------------------ */

static bool fail_strange(const struct folder *folder, struct failure *failure) {
    return fail(failure, "%s belongs to another user: start Twocan as yourself, without sudo",
                folder->path);
}

static bool is_ours(const struct folder *folder, struct failure *failure) {
    struct stat itself, link;
    if (fstat(folder->at, &itself) != 0 || lstat(folder->path, &link) != 0) {
        return fail(failure, "%s cannot be read: %s", folder->path, strerror(errno));
    }
    if (itself.st_uid != geteuid() || link.st_uid != geteuid()) {
        return fail_strange(folder, failure);
    }
    if (itself.st_mode & (S_IWGRP | S_IWOTH)) {
        return fail(failure, "others can write to %s: take that right from them (chmod go-w)",
                    folder->path);
    }
    return true;
}

static bool open_folder(struct folder *folder, struct failure *failure) {
    folder->at = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->at < 0) {
        return fail(failure, "%s cannot be opened: %s", folder->path, strerror(errno));
    }
    return is_ours(folder, failure);
}

bool folder_find(struct folder *folder, struct failure *failure) {
    struct stat there;
    folder->at = -1;
    if (!place(folder, failure)) {
        return false;
    }
    return lstat(folder->path, &there) != 0 || open_folder(folder, failure);
}

/* --- making it -------------------------------------------------------------------------------- */

struct making {
    const struct folder *folder;
    char path[PATH_MAX]; /* as far down as it has come */
    bool may;
    size_t first; /* the length of the first path that was made; 0: of none */
};

/* Nobody, and above all not the administrator, begins to write among another person's files. */
static bool make_one(struct making *making, struct failure *failure) {
    struct stat there;
    if (stat(making->path, &there) == 0) {
        making->may = there.st_uid == geteuid() || there.st_uid == 0;
        return true;
    }
    if (!making->may) {
        return fail_strange(making->folder, failure);
    }
    if (mkdir(making->path, 0700) == 0) {
        making->first = making->first ? making->first : strlen(making->path);
        return true;
    }
    return errno == EEXIST || fail(failure, "%s cannot be made: %s (is HOME right?)", making->path,
                                   strerror(errno));
}

static bool make_all(struct making *making, struct failure *failure) {
    char *path = making->path;
    memcpy(path, making->folder->path, sizeof making->path);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_one(making, failure)) {
            return false;
        }
        *slash = '/';
    }
    return make_one(making, failure);
}

/* Lists the folders above that were made, a line each, as client/twocan/install/writing.py does:
   they are removed with the program, if they are empty then. A list that cannot be written costs
   no more than such a folder. */
static void list_made(const struct folder *folder, size_t first) {
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    const char *path = folder->path, *slash = path + first;
    if (first == 0 || !strchr(slash, '/') || strchr(path, '\n')) {
        return; /* nothing, or nothing that can stand in a line */
    }
    int list = openat(folder->at, ".made", flags, 0600);
    while (list >= 0 && (slash = strchr(slash, '/')) != NULL) {
        (void)dprintf(list, "%.*s\n", (int)(slash - path), path);
        slash++;
    }
    if (list >= 0) {
        (void)close(list);
    }
}

static bool is_there(const struct folder *folder) {
    struct stat opened, there;
    return folder->at >= 0 && fstat(folder->at, &opened) == 0 && stat(folder->path, &there) == 0 &&
           opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

bool folder_make(struct folder *folder, struct failure *failure) {
    struct making making = {.folder = folder, .may = true};
    if (is_there(folder)) {
        return true;
    }
    if (folder->at >= 0) {
        (void)close(folder->at); /* only read from */
        folder->at = -1;
    }
    if (!make_all(&making, failure) || !open_folder(folder, failure)) {
        return false;
    }
    list_made(folder, making.first);
    return true;
}

/* --- whether it will do ----------------------------------------------------------------------- */

bool folder_fits(const struct folder *folder, uint64_t bytes, struct failure *failure) {
    struct statvfs disk;
    if (fstatvfs(folder->at, &disk) != 0) {
        return fail(failure, "%s cannot be read: %s", folder->path, strerror(errno));
    }
    if (disk.f_flag & ST_NOEXEC) {
        return fail(failure,
                    "programs may not run in %s: set XDG_DATA_HOME to a folder where they may",
                    folder->path);
    }
    uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (room < bytes) {
        return fail(failure, "%llu MB are needed in %s, and %llu MB are free: make room there",
                    (unsigned long long)(bytes / 1000000 + 1), folder->path,
                    (unsigned long long)(room / 1000000));
    }
    return true;
}
