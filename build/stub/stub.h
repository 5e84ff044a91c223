/* What the parts of the self-extracting file share: how they fail, how far they are, when to stop.

   The file is [this program][payload][trailer], little-endian. build/packing.py writes it. */

#ifndef TWOCAN_STUB_H
#define TWOCAN_STUB_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM "twocan" /* the executable inside the unpacked folder */

/* --- failing: the first reason is kept, in words for the person ------------------------------- */

struct failure {
    char text[PATH_MAX + 512]; /* empty: none */
};

/* Both return false, so that a function can end with them. */
bool fail(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool fail_damaged(struct failure *failure);

/* --- how far it is ---------------------------------------------------------------------------- */

struct progress {
    atomic_ullong done; /* bytes of files that are written */
    uint64_t total;     /* of all files; 0: not known yet */
    atomic_bool stop;   /* set by whoever knows that it is in vain */
};

/* Whether to give up: somebody set `stop`, or a signal asks this process to end. */
bool stopped(const struct progress *progress);

/* --- signals (signals.c) ---------------------------------------------------------------------- */

/* From now on SIGHUP, SIGINT and SIGTERM are noted instead of ending this process at once. */
bool note_signals(struct failure *failure);
/* They act again. One that came meanwhile ends the process here. */
void heed_signals(void);

/* --- the payload (payload.c) ------------------------------------------------------------------ */

enum { ID_SPACE = 64, MOST_SECTIONS = 64 };

struct section {
    uint64_t at, size; /* in the file: one .xz stream, that of a tar */
};

struct payload {
    int file;
    uint64_t at;        /* = the size of this program, with what fills it up */
    uint64_t unpacked;  /* bytes of all files */
    uint32_t entries;   /* files, folders and links */
    uint32_t sections;
    uint64_t program_check; /* CRC-64 of everything before the payload */
    char id[ID_SPACE];  /* <version>-<16 hex digits>: the name of the unpacked folder */
    struct section section[MOST_SECTIONS];
};

/* Opens this very file and reads its trailer. */
bool payload_open(struct payload *payload, struct failure *failure);
/* Whether this program's own bytes arrived whole. The payload has checks of its own. */
bool payload_check_program(const struct payload *payload, struct failure *failure);
/* All `size` bytes from `at`. */
bool payload_read(const struct payload *payload, void *bytes, size_t size, uint64_t at,
                  struct failure *failure);

/* --- unpacking (unpacking.c) ------------------------------------------------------------------ */

/* Unpacks everything into the empty folder, on all processors, and counts in `progress`. */
bool unpack(const struct payload *payload, int folder, struct progress *progress,
            struct failure *failure);

/* --- folders (folder.c, locking.c, removing.c) ------------------------------------------------ */

struct folder {
    int at;              /* -1: not there yet */
    char path[PATH_MAX]; /* absolute */
};

/* Where programs are kept; opened if it is there, refused if somebody else could write there. */
bool folder_find(struct folder *folder, struct failure *failure);
/* Makes it, as this person's only, unless it is there still. */
bool folder_make(struct folder *folder, struct failure *failure);
/* Makes it, too, and waits until nobody else unpacks or removes anything there: a descriptor that
   holds its lock, or -1. Nothing failed then: it was stopped. */
int folder_lock(struct folder *folder, const struct progress *progress, struct failure *failure);
/* Whether this name is still that of what was opened. */
bool is_still(int folder, const char *name, int opened);
/* Whether there is room for so much, and programs may run there. */
bool folder_fits(const struct folder *folder, uint64_t bytes, struct failure *failure);

/* Removes a file, or a folder with all that is in it, as far as it is this person's. Follows no
   link. False: something is left. */
bool remove_tree(int folder, const char *name);
/* Removes what those left behind who were killed: .new-* and .old-*. */
void remove_leftovers(int folder);

#endif
