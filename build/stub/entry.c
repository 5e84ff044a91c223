/* One header of a tar: read, and refused where it is not one of ours. */

#include "untar.h"

#include <string.h>

/* POSIX.1-1988, "ustar Interchange Format". */
struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], kind, target[100];
    char magic[6], version[2], owner[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header fills a block");

/* Octal digits, then zeros or spaces. */
static bool number(const char *field, size_t size, uint64_t *value) {
    size_t at = 0;
    *value = 0;
    while (at < size && field[at] >= '0' && field[at] <= '7') {
        *value = *value * 8 + (uint64_t)(field[at++] - '0'); /* 12 digits are 36 bits */
    }
    if (at == 0) {
        return false;
    }
    while (at < size && (field[at] == '\0' || field[at] == ' ')) {
        at++;
    }
    return at == size;
}

/* The sum of all bytes, with spaces for the sum itself. */
static bool adds_up(const unsigned char block[BLOCK], const struct header *header) {
    uint64_t said, sum = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        bool inside = i >= offsetof(struct header, checksum) && i < offsetof(struct header, kind);
        sum += inside ? ' ' : block[i];
    }
    return number(header->checksum, sizeof header->checksum, &said) && said == sum;
}

static void join_name(const struct header *header, char name[NAME_SPACE]) {
    size_t prefix = strnlen(header->prefix, sizeof header->prefix);
    size_t size = strnlen(header->name, sizeof header->name);
    memcpy(name, header->prefix, prefix);
    if (prefix > 0) {
        name[prefix++] = '/';
    }
    memcpy(name + prefix, header->name, size);
    size += prefix;
    if (header->kind == '5' && size > 0 && name[size - 1] == '/') {
        size--; /* a folder's name may end so */
    }
    name[size] = '\0';
}

/* How deep below the top the thing of this name lies (1: at the top), or 0 if it is refused. */
static unsigned depth(const char *name) {
    unsigned parts = 0;
    for (const char *part = name;; part++) {
        size_t size = strcspn(part, "/");
        if (size == 0 || (size <= 2 && strspn(part, ".") >= size)) {
            return 0; /* "", "." and "..", so no slash at either end either */
        }
        parts++;
        part += size;
        if (!*part) {
            return parts;
        }
    }
}

/* Up only at its beginning, and never above the top: what follows is then inside. */
static bool stays_inside(const char *target, unsigned deep) {
    while (strncmp(target, "../", 3) == 0) {
        if (--deep == 0) {
            return false;
        }
        target += 3;
    }
    return depth(target) > 0;
}

bool entry_parse(const unsigned char block[BLOCK], struct entry *entry) {
    struct header header;
    uint64_t mode;
    memcpy(&header, block, sizeof header);
    if (memcmp(header.magic, "ustar", sizeof header.magic) != 0 || !adds_up(block, &header)) {
        return false;
    }
    if (!number(header.mode, sizeof header.mode, &mode) ||
        !number(header.size, sizeof header.size, &entry->size)) {
        return false;
    }
    join_name(&header, entry->name);
    memcpy(entry->target, header.target, sizeof header.target);
    entry->target[sizeof header.target] = '\0';
    entry->kind = header.kind;
    entry->executable = (mode & 0100) != 0;
    unsigned deep = depth(entry->name);
    if (deep == 0 || (entry->kind != '0' && entry->size != 0)) {
        return false;
    }
    return entry->kind == '0' || entry->kind == '5' ||
           (entry->kind == '2' && stays_inside(entry->target, deep));
}
