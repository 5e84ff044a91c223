/* What this file carries: read from its end, and held to what build/packing.py writes. */

#include "stub.h"

#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static const char MAGIC[8] = "Twocan\n1";

/* Before it stand `sections` sizes of the sections, eight bytes each; before those the sections. */
struct trailer {
    uint64_t payload_at, unpacked, program_check;
    uint32_t entries, sections;
    char id[ID_SPACE]; /* filled up with zeros */
    uint64_t check;    /* CRC-64 of the sizes and of the trailer up to here */
    char magic[sizeof MAGIC];
};
_Static_assert(sizeof(struct trailer) == 112, "a trailer has no holes");

bool payload_read(const struct payload *payload, void *bytes, size_t size, uint64_t at,
                  struct failure *failure) {
    unsigned char *to = bytes;
    while (size > 0) {
        ssize_t got = pread(payload->file, to, size, (off_t)at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail(failure, "this file cannot be read: %s", strerror(errno));
        }
        if (got == 0) {
            return fail_damaged(failure);
        }
        to += got;
        at += (uint64_t)got;
        size -= (size_t)got;
    }
    return true;
}

static int open_self(void) {
    /* No base: the loader itself was started, with our path (as it is where nothing may run). Then
       /proc says the loader's path. */
    int file = getauxval(AT_BASE) ? open("/proc/self/exe", O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        return file;
    }
    /* Without /proc, as in a bare chroot, there still is the path by which it was started. */
    const char *path = (const char *)getauxval(AT_EXECFN);
    return path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

static bool is_version(const char *text, size_t size) {
    static const char LETTERS[] = "0123456789.+-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz";
    if (size < 1 || size > 40 || strchr(".+-", text[0])) {
        return false;
    }
    return strspn(text, LETTERS) >= size;
}

static bool is_id(const char *id) {
    size_t size = strnlen(id, ID_SPACE);
    if (size >= ID_SPACE || size < 18 || id[size - 17] != '-') {
        return false;
    }
    return is_version(id, size - 17) && strspn(id + size - 16, "0123456789abcdef") == 16;
}

/* The sections stand one after the other, and fill what is between program and sizes. */
static bool place_sections(struct payload *payload, const uint64_t *sizes, uint64_t end) {
    uint64_t at = payload->at;
    for (uint32_t i = 0; i < payload->sections; i++) {
        if (sizes[i] > end - at) {
            return false;
        }
        payload->section[i] = (struct section){at, sizes[i]};
        at += sizes[i];
    }
    return at == end;
}

static bool accept(struct payload *payload, const struct trailer *trailer, uint64_t trailer_at,
                   struct failure *failure) {
    uint64_t sizes[MOST_SECTIONS];
    size_t table = trailer->sections * sizeof sizes[0];
    if (trailer->sections < 1 || trailer->sections > MOST_SECTIONS || table > trailer_at) {
        return fail_damaged(failure);
    }
    if (!payload_read(payload, sizes, table, trailer_at - table, failure)) {
        return false;
    }
    uint64_t check = lzma_crc64((const uint8_t *)sizes, table, 0);
    check = lzma_crc64((const uint8_t *)trailer, offsetof(struct trailer, check), check);
    uint64_t end = trailer_at - table;
    if (check != trailer->check || !is_id(trailer->id) || trailer->payload_at > end) {
        return fail_damaged(failure);
    }
    payload->at = trailer->payload_at;
    payload->unpacked = trailer->unpacked;
    payload->entries = trailer->entries;
    payload->sections = trailer->sections;
    payload->program_check = trailer->program_check;
    memcpy(payload->id, trailer->id, sizeof payload->id);
    return place_sections(payload, sizes, end) || fail_damaged(failure);
}

bool payload_open(struct payload *payload, struct failure *failure) {
    struct stat file;
    struct trailer trailer;
    payload->file = open_self();
    if (payload->file < 0 || fstat(payload->file, &file) != 0) {
        return fail(failure, "this file cannot be opened: %s", strerror(errno));
    }
    if (file.st_size < (off_t)sizeof trailer) {
        return fail_damaged(failure);
    }
    uint64_t at = (uint64_t)file.st_size - sizeof trailer;
    if (!payload_read(payload, &trailer, sizeof trailer, at, failure)) {
        return false;
    }
    if (memcmp(trailer.magic, MAGIC, sizeof MAGIC) != 0) {
        return fail_damaged(failure);
    }
    return accept(payload, &trailer, at, failure);
}

bool payload_check_program(const struct payload *payload, struct failure *failure) {
    static unsigned char bytes[1 << 16];
    uint64_t check = 0;
    for (uint64_t at = 0; at < payload->at;) {
        uint64_t left = payload->at - at;
        size_t size = left < sizeof bytes ? (size_t)left : sizeof bytes;
        if (!payload_read(payload, bytes, size, at, failure)) {
            return false;
        }
        check = lzma_crc64(bytes, size, check);
        at += size;
    }
    return check == payload->program_check || fail_damaged(failure);
}
