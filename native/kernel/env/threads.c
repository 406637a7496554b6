/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Initialisation against the notifier on two threads, for ThreadSanitizer. The locks are real ones here; the world is the
 * yardstick's. Only kernel code is watched, so what is reported is a lock that kernel code did not take.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
#include "drive.h"

#define BOOTS 200
#define GIB (1ULL << 30)

static pthread_rwlock_t mem_hotplug_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t mutexes[4] = {
	PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
};
static pthread_barrier_t start;
static atomic_int is_over;

/* Only what is held is released: kernel code may be wrong about that, and this must end. */
void env_thread_lock(int lock, int taken)
{
	static __thread int held[4];

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
	for (int boot = 0; boot < BOOTS; boot++) {
		pthread_barrier_wait(&start);
		while (!atomic_load(&is_over)) {
			pthread_rwlock_wrlock(&mem_hotplug_lock);
			env_tdx_notify(2 * GIB >> 12, GIB >> 13);
			pthread_rwlock_unlock(&mem_hotplug_lock);
		}
		pthread_barrier_wait(&start);
	}
	return 0;
}

int main(void)
{
	static const struct env_machine machine = { .mktme_keyids = 31, .tdx_keyids = 32, .cpus = 2, .cpus_per_package = 2 };
	struct env_memblock_call calls[20];
	pthread_t other;

	for (int i = 0; i < 20; i++)
		calls[i] = (struct env_memblock_call){ ENV_ADD, i & 1, i * GIB, GIB / 2 };
	/* Kernel code that keeps a lock stops everything: the alarm ends it. */
	alarm(60);
	env = env_accept_all;
	pthread_barrier_init(&start, 0, 2);
	pthread_create(&other, 0, notifier, 0);
	for (int boot = 0; boot < BOOTS; boot++) {
		atomic_store(&is_over, 0);
		tdxverify_boot(&machine, calls, 20);
		env_tdx_init();
		pthread_barrier_wait(&start);
		int error = env_tdx_enable();

		if (error) {
			fprintf(stderr, "tdx_enable() failed (%d) in boot %d\n", error, boot);
			return 3;
		}
		atomic_store(&is_over, 1);
		pthread_barrier_wait(&start);
	}
	pthread_join(other, 0);
	return 0;
}
