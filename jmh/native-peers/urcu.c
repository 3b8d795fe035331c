// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
//
// What a read section and a grace period cost with liburcu, one flavour a build:
//
//     cc -O2 -pthread -D_LGPL_SOURCE -DFLAVOUR_memb urcu.c -o urcu-memb -lurcu-memb
//     urcu-memb read 1 | read 2 | sync 0 | sync 1   [MILLISECONDS]
//
// "read N": N threads loop over sections, the mean of nanoseconds a section and thread. "sync N": one thread loops over
// grace periods while N threads read, nanoseconds a grace period. One number on standard output. QSBR readers announce
// a quiescent state every 64 sections: it has no other cost.

#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(FLAVOUR_qsbr)
#include <urcu/urcu-qsbr.h>
#define QUIESCENT() urcu_qsbr_quiescent_state()
#define LOCK() urcu_qsbr_read_lock()
#define UNLOCK() urcu_qsbr_read_unlock()
#define SYNCHRONIZE() urcu_qsbr_synchronize_rcu()
#define REGISTER() urcu_qsbr_register_thread()
#define UNREGISTER() urcu_qsbr_unregister_thread()
#elif defined(FLAVOUR_memb)
#include <urcu/urcu-memb.h>
#define QUIESCENT() ((void)0)
#define LOCK() urcu_memb_read_lock()
#define UNLOCK() urcu_memb_read_unlock()
#define SYNCHRONIZE() urcu_memb_synchronize_rcu()
#define REGISTER() urcu_memb_register_thread()
#define UNREGISTER() urcu_memb_unregister_thread()
#elif defined(FLAVOUR_mb)
#include <urcu/urcu-mb.h>
#define QUIESCENT() ((void)0)
#define LOCK() urcu_mb_read_lock()
#define UNLOCK() urcu_mb_read_unlock()
#define SYNCHRONIZE() urcu_mb_synchronize_rcu()
#define REGISTER() urcu_mb_register_thread()
#define UNREGISTER() urcu_mb_unregister_thread()
#elif defined(FLAVOUR_bp)
#include <urcu/urcu-bp.h>
#define QUIESCENT() ((void)0)
#define LOCK() urcu_bp_read_lock()
#define UNLOCK() urcu_bp_read_unlock()
#define SYNCHRONIZE() urcu_bp_synchronize_rcu()
#define REGISTER() urcu_bp_register_thread()
#define UNREGISTER() urcu_bp_unregister_thread()
#else
#error "define FLAVOUR_qsbr, FLAVOUR_memb, FLAVOUR_mb or FLAVOUR_bp"
#endif

#define BATCH 64
#define MOST_THREADS 64

static long *volatile current;
static atomic_int stop;
static atomic_int ready;

struct reader {
    pthread_t thread;
    double sections;
    double nanos;
} __attribute__((aligned(256)));

static struct reader readers[MOST_THREADS];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static void *read_loop(void *argument)
{
    struct reader *self = argument;
    double sections = 0, begin;

    REGISTER();
    atomic_fetch_add(&ready, 1);
    begin = now();
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        for (int i = 0; i < BATCH; i++) {
            LOCK();
            long *version = current;
            __asm__ volatile("" : : "r"(version) : "memory");
            UNLOCK();
        }
        QUIESCENT();
        sections += BATCH;
    }
    self->nanos = now() - begin;
    self->sections = sections;
    UNREGISTER();
    return NULL;
}

static void start_readers(int count)
{
    for (int i = 0; i < count; i++) {
        if (pthread_create(&readers[i].thread, NULL, read_loop, &readers[i])) {
            perror("urcu: pthread_create");
            exit(1);
        }
    }
    while (atomic_load(&ready) < count)
        ;
}

static void join_readers(int count)
{
    atomic_store(&stop, 1);
    for (int i = 0; i < count; i++)
        pthread_join(readers[i].thread, NULL);
}

static double read_cost(int count, double millis)
{
    struct timespec pause = {(time_t)(millis / 1e3), (long)((millis - (long)(millis / 1e3) * 1e3) * 1e6)};
    double sum = 0;

    start_readers(count);
    nanosleep(&pause, NULL);
    join_readers(count);
    for (int i = 0; i < count; i++)
        sum += readers[i].nanos / readers[i].sections;
    return sum / count;
}

static double grace_period_cost(int count, double millis)
{
    double begin, end, grace_periods = 0;

    start_readers(count);
    begin = now();
    do {
        SYNCHRONIZE();
        grace_periods++;
        end = now();
    } while (end - begin < millis * 1e6);
    join_readers(count);
    return (end - begin) / grace_periods;
}

int main(int argc, char **argv)
{
    static long version = 1;
    int count = argc > 2 ? atoi(argv[2]) : -1;
    double millis = argc > 3 ? atof(argv[3]) : 300;

    if (argc < 3 || count < 0 || count > MOST_THREADS || (strcmp(argv[1], "read") && strcmp(argv[1], "sync"))) {
        fprintf(stderr, "usage: %s read|sync THREADS [MILLISECONDS]\n", argv[0]);
        return 2;
    }
    current = &version;
    printf("%.2f\n", strcmp(argv[1], "read") ? grace_period_cost(count, millis) : read_cost(count, millis));
    return 0;
}
