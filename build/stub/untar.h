/* A tar as build/packing.py writes it (POSIX.1-1988 ustar), unpacked as it comes.

   Anything else is damage: a name that leads outside, another kind of entry, a wrong checksum. */

#ifndef TWOCAN_UNTAR_H
#define TWOCAN_UNTAR_H

#include "stub.h"

enum { BLOCK = 512, NAME_SPACE = 257, TARGET_SPACE = 101 };

struct entry {
    char name[NAME_SPACE];     /* relative, without "." and ".."; no slash at either end */
    char target[TARGET_SPACE]; /* of a link: relative, and inside the tree */
    char kind;                 /* '0' file, '2' link, '5' folder */
    bool executable;
    uint64_t size;
};

/* False: this block is no header that we accept. */
bool entry_parse(const unsigned char block[BLOCK], struct entry *entry);

struct untar {
    int folder;
    struct progress *progress;
    unsigned char block[BLOCK];
    size_t filled;       /* bytes of the block that have come */
    int file;            /* that is being written, or -1 */
    uint64_t left, fill; /* bytes to come of it, and of what follows up to a whole block */
    unsigned zeros;      /* empty blocks seen: two end a tar */
};

void untar_begin(struct untar *untar, int folder, struct progress *progress);
bool untar_feed(struct untar *untar, const unsigned char *bytes, size_t size,
                struct failure *failure);
/* Whether the tar came to its end. */
bool untar_is_whole(const struct untar *untar);
/* Closes what is still open. */
void untar_end(struct untar *untar);

#endif
