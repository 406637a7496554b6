// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initialization against the notifier on two threads, for ThreadSanitizer. The locks are real
 * ones here; the environment is the native baseline's. Only kernel code is watched, so a report
 * is about a lock that kernel code did not take.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
#include "drive.h"

#define BOOTS 200
#define RANGES 20
#define SECONDS 60
#define GIB (1ULL << 30)
#define PFN(address) ((address) >> 12)

static pthread_rwlock_t mem_hotplug_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t start;
static atomic_int is_over;
static pthread_mutex_t mutexes[ENV_LOCKS] = {
	[0 ... ENV_LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER,
};

/* Only what is held is released: kernel code may get that wrong, and this must end. */
void env_thread_lock(int lock, int taken)
{
	static __thread int held[ENV_LOCKS];

	if (!taken && !held[lock])
		return;
	held[lock] += taken ? 1 : -1;
	if (lock == ENV_MEM_HOTPLUG_READ && taken)
		pthread_rwlock_rdlock(&mem_hotplug_lock);
	else if (lock == ENV_MEM_HOTPLUG_READ)
		pthread_rwlock_unlock(&mem_hotplug_lock);
	else if (taken)
		pthread_mutex_lock(&mutexes[lock]);
	else
		pthread_mutex_unlock(&mutexes[lock]);
}

/* What online_pages() does around the chain. */
static void *notifier(void *unused)
{
	int boot;

	for (boot = 0; boot < BOOTS; boot++) {
		pthread_barrier_wait(&start);
		while (!atomic_load(&is_over)) {
			pthread_rwlock_wrlock(&mem_hotplug_lock);
			env_tdx_notify(PFN(2 * GIB), PFN(GIB / 2));
			pthread_rwlock_unlock(&mem_hotplug_lock);
		}
		pthread_barrier_wait(&start);
	}
	return NULL;
}

int main(void)
{
	static const struct env_machine machine = {
		.mktme_keyids = 31,
		.tdx_keyids = 32,
		.cpus = 2,
		.cpus_per_package = 2,
	};
	struct env_memblock_call calls[RANGES];
	pthread_t other;
	int boot, error, i;

	for (i = 0; i < RANGES; i++)
		calls[i] = (struct env_memblock_call){ ENV_ADD, i & 1, i * GIB, GIB / 2 };
	/* Kernel code that keeps a lock stops everything: the alarm ends it. */
	alarm(SECONDS);
	env = env_accept_all;
	pthread_barrier_init(&start, NULL, 2);
	pthread_create(&other, NULL, notifier, NULL);
	for (boot = 0; boot < BOOTS; boot++) {
		atomic_store(&is_over, 0);
		tdxverify_boot(&machine, calls, RANGES);
		env_tdx_init();
		pthread_barrier_wait(&start);
		error = env_tdx_enable();
		if (error) {
			fprintf(stderr, "tdx_enable() failed (%d) in boot %d\n", error, boot);
			return 3;
		}
		atomic_store(&is_over, 1);
		pthread_barrier_wait(&start);
	}
	pthread_join(other, NULL);
	return 0;
}
