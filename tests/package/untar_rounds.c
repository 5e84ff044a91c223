/* Feeds changed tars to the download's own unpacking: `untar_rounds FOLDER TAR SEED SECONDS ROUNDS`.

   A few bytes of a good tar are changed, its sums mostly made right again, and it comes in pieces of
   any size. What comes of it is made in FOLDER and removed again. It ends after so many seconds or
   rounds, and says how many were let in, and how many refused. */

#include "untar.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 16, NAME_AT = 0, SUM_AT = 148, KIND_AT = 156 };

static size_t any(size_t below) { return (size_t)random() % below; }

static size_t read_tar(const char *path, unsigned char *tar) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, tar, MOST);
    if (size < BLOCK || size % BLOCK != 0 || size == MOST) {
        fprintf(stderr, "%s is no small tar\n", path);
        exit(EXIT_FAILURE);
    }
    (void)close(file);
    return (size_t)size;
}

static void make_sum_right(unsigned char *block) {
    char digits[8];
    unsigned sum = 0;
    memset(block + SUM_AT, ' ', KIND_AT - SUM_AT);
    for (size_t i = 0; i < BLOCK; i++) {
        sum += block[i];
    }
    (void)snprintf(digits, sizeof digits, "%06o", sum);
    memcpy(block + SUM_AT, digits, 7);
}

/* What is likely to matter: a name's parts, a kind, a digit; else anything. */
static unsigned char likely(void) {
    static const char LIKELY[] = "./\0 012567LxKg-";
    return any(2) ? (unsigned char)LIKELY[any(sizeof LIKELY)] : (unsigned char)any(256);
}

static void change(unsigned char *tar, size_t size) {
    for (size_t changes = 1 + any(4); changes > 0; changes--) {
        size_t block = any(size / BLOCK) * BLOCK;
        static const size_t WHERE[] = {NAME_AT, 100, 124, KIND_AT, 157, 257, 345};
        size_t at = any(2) ? WHERE[any(7)] + any(12) : any(BLOCK);
        tar[block + at] = likely();
        if (any(4) && memcmp(tar + block + 257, "ustar", 5) == 0) {
            make_sum_right(tar + block);
        }
    }
}

static bool feed(int folder, const unsigned char *tar, size_t size) {
    struct progress progress = {.total = MOST};
    struct failure failure = {0};
    struct untar untar;
    bool taken = true;
    untar_begin(&untar, folder, &progress);
    for (size_t at = 0; taken && at < size;) {
        size_t piece = 1 + any(size - at);
        taken = untar_feed(&untar, tar + at, piece, &failure);
        at += piece;
    }
    bool whole = taken && untar_is_whole(&untar);
    untar_end(&untar);
    return whole;
}

static bool round_in(int above, const unsigned char *good, size_t size) {
    static unsigned char tar[MOST];
    memcpy(tar, good, size);
    change(tar, size);
    if (mkdirat(above, "tree", 0700) != 0) {
        perror("tree");
        exit(EXIT_FAILURE);
    }
    int folder = openat(above, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool whole = feed(folder, tar, size);
    (void)close(folder);
    if (!remove_tree(above, "tree")) {
        fprintf(stderr, "something is left\n");
        exit(EXIT_FAILURE);
    }
    return whole;
}

int main(int argc, char **argv) {
    static unsigned char good[MOST];
    unsigned long rounds = 0, whole = 0;
    int above = argc == 6 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (above < 0) {
        fprintf(stderr, "untar_rounds FOLDER TAR SEED SECONDS ROUNDS\n");
        return EXIT_FAILURE;
    }
    size_t size = read_tar(argv[2], good);
    srandom((unsigned)atoi(argv[3]));
    time_t end = time(NULL) + atoi(argv[4]);
    while (time(NULL) < end && rounds < strtoul(argv[5], NULL, 10)) {
        whole += round_in(above, good, size);
        rounds++;
    }
    printf("%lu %lu\n", whole, rounds - whole);
    return EXIT_SUCCESS;
}
