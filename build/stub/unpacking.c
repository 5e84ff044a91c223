/* All sections at once: each is decoded and written by whichever processor is free. */

#include "untar.h"

#include <errno.h>
#include <lzma.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    IN_SIZE = 1 << 16,
    OUT_SIZE = 1 << 18,
    MOST_WORKERS = 16,
    MOST_MEMORY = 192 << 20, /* for one section: three times what packing.py asks for */
};

struct team {
    const struct payload *payload;
    int folder;
    struct progress *progress;
    atomic_uint next; /* section that nobody has begun */
};

struct worker {
    pthread_t thread;
    struct team *team;
    struct failure failure;
    unsigned char in[IN_SIZE], out[OUT_SIZE];
};

/* --- one section ------------------------------------------------------------------------------ */

static bool refill(struct worker *worker, lzma_stream *stream, struct section *left) {
    if (stream->avail_in > 0 || left->size == 0) {
        return true;
    }
    size_t size = left->size < IN_SIZE ? (size_t)left->size : IN_SIZE;
    if (!payload_read(worker->team->payload, worker->in, size, left->at, &worker->failure)) {
        return false;
    }
    left->at += size;
    left->size -= size;
    stream->next_in = worker->in;
    stream->avail_in = size;
    return true;
}

static bool fail_decoding(struct worker *worker, lzma_ret reason) {
    if (reason == LZMA_MEM_ERROR) {
        return fail(&worker->failure, "there is not enough memory to unpack");
    }
    return fail_damaged(&worker->failure);
}

/* Decodes until the stream's own end, which must be that of section and tar. */
static bool decode(struct worker *worker, lzma_stream *stream, struct section left,
                   struct untar *untar) {
    lzma_ret result = LZMA_OK;
    while (result == LZMA_OK) {
        if (stopped(worker->team->progress) || !refill(worker, stream, &left)) {
            return false;
        }
        stream->next_out = worker->out;
        stream->avail_out = OUT_SIZE;
        result = lzma_code(stream, left.size > 0 ? LZMA_RUN : LZMA_FINISH);
        if (result != LZMA_OK && result != LZMA_STREAM_END) {
            return fail_decoding(worker, result);
        }
        if (!untar_feed(untar, worker->out, OUT_SIZE - stream->avail_out, &worker->failure)) {
            return false;
        }
    }
    bool whole = left.size == 0 && stream->avail_in == 0 && untar_is_whole(untar);
    return whole || fail_damaged(&worker->failure);
}

static bool unpack_section(struct worker *worker, struct section section) {
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_ret ready = lzma_stream_decoder(&stream, MOST_MEMORY, 0);
    if (ready != LZMA_OK) {
        return fail_decoding(worker, ready);
    }
    struct untar untar;
    untar_begin(&untar, worker->team->folder, worker->team->progress);
    bool whole = decode(worker, &stream, section, &untar);
    untar_end(&untar);
    lzma_end(&stream);
    return whole;
}

/* --- the workers ------------------------------------------------------------------------------ */

static void *work(void *given) {
    struct worker *worker = given;
    struct team *team = worker->team;
    unsigned mine;
    while ((mine = atomic_fetch_add(&team->next, 1)) < team->payload->sections) {
        if (!unpack_section(worker, team->payload->section[mine])) {
            atomic_store(&team->progress->stop, true);
            break;
        }
    }
    return NULL;
}

/* As many as there are processors for this process, and sections. */
static unsigned workers_wanted(uint32_t sections) {
    cpu_set_t processors;
    unsigned wanted = 1;
    if (sched_getaffinity(0, sizeof processors, &processors) == 0) {
        wanted = (unsigned)CPU_COUNT(&processors);
    }
    wanted = wanted < MOST_WORKERS ? wanted : MOST_WORKERS;
    return wanted < sections ? wanted : sections;
}

/* Returns how many were started. Signals are the main thread's: a worker that passes the limit
   for files (SIGXFSZ) then gets an error from write() instead of ending the process. */
static unsigned start(struct worker *workers, unsigned wanted, struct team *team) {
    sigset_t all, before;
    unsigned started = 0;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
        return 0;
    }
    while (started < wanted) {
        workers[started].team = team;
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) {
            break;
        }
        started++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* worked before */
    return started;
}

static void finish(struct worker *workers, unsigned started, struct failure *failure) {
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(workers[i].thread, NULL); /* fails only for what is no thread */
        if (workers[i].failure.text[0]) {
            (void)fail(failure, "%s", workers[i].failure.text);
        }
    }
}

bool unpack(const struct payload *payload, int folder, struct progress *progress,
            struct failure *failure) {
    unsigned wanted = workers_wanted(payload->sections);
    struct worker *workers = calloc(wanted, sizeof *workers);
    if (!workers) {
        return fail(failure, "there is not enough memory to unpack");
    }
    struct team team = {payload, folder, progress, 0};
    unsigned started = start(workers, wanted, &team);
    finish(workers, started, failure);
    free(workers);
    if (started == 0) {
        return fail(failure, "no thread can be started: end some programs and start again");
    }
    if (stopped(progress) || failure->text[0]) {
        return false;
    }
    return atomic_load(&progress->done) == progress->total || fail_damaged(failure);
}
