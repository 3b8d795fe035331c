// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
//
// What the two ways to order a reader's count before its load cost on this machine:
//
//     cc -O2 -pthread barrier.c -o barrier
//     barrier locked         one fetch-and-add in the reader, uncontended, in a loop, nanoseconds
//     barrier membarrier N   one membarrier(2) call in the writer, on CPU 0, while N threads are busy on CPUs 1 to N,
//                            nanoseconds; it interrupts every thread of the process that runs, to have it fence. The
//                            90th percentile of calls at even intervals, as a thread that other work has put off its
//                            CPU is not interrupted
//
// One number on standard output; exit 1 where the kernel has no such call or there are not enough CPUs.

#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 10000
#define INTERVAL 20e3
#define LOCKED 20000000L
#define PASSES 5

static atomic_int stop;
static atomic_int ready;
static double nanos[ROUNDS];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof set, &set);
}

static void *spin(void *argument)
{
    if (pin((int)(long)argument)) {
        perror("barrier: sched_setaffinity");
        exit(1);
    }
    atomic_fetch_add(&ready, 1);
    while (!atomic_load_explicit(&stop, memory_order_relaxed))
        ;
    return NULL;
}

static double locked(void)
{
    static atomic_long counter __attribute__((aligned(256)));

    for (int pass = 0; pass < PASSES; pass++) {
        double begin = now();

        for (long i = 0; i < LOCKED / PASSES; i++)
            atomic_fetch_add(&counter, 1);
        nanos[pass] = (now() - begin) / (LOCKED / PASSES);
    }
    qsort(nanos, PASSES, sizeof *nanos, ascending);
    return nanos[PASSES / 2];
}

static double membarrier(int busy)
{
    pthread_t threads[busy + 1];

    if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) || pin(0)) {
        perror("barrier: membarrier");
        exit(1);
    }
    for (long i = 0; i < busy; i++) {
        if (pthread_create(&threads[i], NULL, spin, (void *)(i + 1))) {
            perror("barrier: pthread_create");
            exit(1);
        }
    }
    while (atomic_load(&ready) < busy)
        sched_yield();
    for (int i = 0; i < ROUNDS; i++) {
        double begin = now();

        syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
        nanos[i] = now() - begin;
        while (now() - begin < INTERVAL)
            ;
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < busy; i++)
        pthread_join(threads[i], NULL);
    qsort(nanos, ROUNDS, sizeof *nanos, ascending);
    return nanos[ROUNDS / 10 * 9];
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "locked")) {
        printf("%.2f\n", locked());
    } else if (argc == 3 && !strcmp(argv[1], "membarrier") && atoi(argv[2]) >= 0 && atoi(argv[2]) < 64) {
        printf("%.2f\n", membarrier(atoi(argv[2])));
    } else {
        fprintf(stderr, "usage: %s locked | membarrier THREADS\n", argv[0]);
        return 2;
    }
    return 0;
}
