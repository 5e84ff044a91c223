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

/* Nobody, and above all not the administrator, begins to write among another person's files. */
static bool may_write_below(const char *path) {
    struct stat above;
    return stat(path, &above) != 0 || above.st_uid == geteuid() || above.st_uid == 0;
}

static bool make_one(const struct folder *folder, const char *path, bool *may,
                     struct failure *failure) {
    struct stat there;
    if (stat(path, &there) == 0) {
        *may = may_write_below(path);
        return true;
    }
    if (!*may) {
        return fail_strange(folder, failure);
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return fail(failure, "%s cannot be made: %s (is HOME right?)", path, strerror(errno));
    }
    return true;
}

bool folder_make(struct folder *folder, struct failure *failure) {
    char path[PATH_MAX];
    bool may = true;
    if (folder->at >= 0) {
        return true;
    }
    memcpy(path, folder->path, sizeof path);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_one(folder, path, &may, failure)) {
            return false;
        }
        *slash = '/';
    }
    return make_one(folder, path, &may, failure) && open_folder(folder, failure);
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
