// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that run the same function at once, as coroutines: each runs until it waits for another
 * or ends, or the outside lets another one go on. Their stacks lie in the caller's, so that the
 * outside is always called on the thread's own stack.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <ucontext.h>
#include "drive.h"

#define MAX_CPUS 32
#define STACK_BYTES (2UL << 20)		/* of all of them */
#define MOST_EACH (256UL << 10)
#define MAX_WAITS 4096			/* one behind the other: nobody gets on */

struct env_coroutine {
	ucontext_t context;
	int cpu, atomic, what;
};

struct group {
	ucontext_t home;
	struct env_coroutine all[MAX_CPUS];
	int waits;
	void (*run)(void *argument);
	void *argument;
};

static __thread struct group *group;
__thread struct env_coroutine *env_coroutine;

/* A call into kernel code begins: what an earlier one left behind is gone. */
void env_together_reset(void)
{
	group = NULL;
	env_coroutine = NULL;
}

static void begin(void)
{
	struct env_coroutine *own = env_coroutine;

	/* The machine is stopped with interrupts off. */
	env_atomic_begin(1);
	group->run(group->argument);
	env_atomic_end(1);
	own->what = ENV_CPU_ENDS;
}

static void leave(int what)
{
	struct env_coroutine *own = env_coroutine;

	own->what = what;
	swapcontext(&own->context, &group->home);
}

static struct env_coroutine *find(int cpu)
{
	struct env_coroutine *coroutine = group->all;

	while (coroutine->cpu != cpu)
		coroutine++;
	return coroutine;
}

/* Runs one until it waits, passes or ends; its value is the one that goes on. */
static int run_one(int cpu)
{
	struct env_coroutine *coroutine = find(cpu);
	const int was_cpu = env_cpu, was_atomic = env_atomic;
	int next;

	env_coroutine = coroutine;
	env_cpu = cpu;
	env_atomic = coroutine->atomic;
	swapcontext(&group->home, &coroutine->context);
	coroutine->atomic = env_atomic;
	env_coroutine = NULL;
	env_cpu = was_cpu;
	env_atomic = was_atomic;
	group->waits = coroutine->what == ENV_CPU_WAITS ? group->waits + 1 : 0;
	if (group->waits > MAX_WAITS)
		env_leave(ENV_STOPPED, 0);
	OUTSIDE(next = env.schedule(cpu, coroutine->what));
	return next;
}

void env_run_together(const int *cpus, int count, void (*run)(void *argument), void *argument)
{
	const unsigned long bytes = STACK_BYTES / (count ? count : 1);
	const unsigned long each = bytes < MOST_EACH ? bytes : MOST_EACH;
	char stacks[STACK_BYTES] __attribute__((aligned(64)));
	struct group own = { .run = run, .argument = argument };
	int cpu, i;

	if (count > MAX_CPUS || group)
		env_unavailable("stop_machine() on that many CPUs");
	group = &own;
	for (i = 0; i < count; i++) {
		struct env_coroutine *coroutine = &own.all[i];

		coroutine->cpu = cpus[i];
		getcontext(&coroutine->context);
		coroutine->context.uc_stack.ss_sp = stacks + i * each;
		coroutine->context.uc_stack.ss_size = each;
		coroutine->context.uc_link = &own.home;
		makecontext(&coroutine->context, begin, 0);
		OUTSIDE(env.schedule(cpus[i], ENV_CPU_JOINS));
	}
	OUTSIDE(cpu = env.schedule(0, ENV_CPU_STARTS));
	while (cpu >= 0)
		cpu = run_one(cpu);
	group = NULL;
}

/* Another CPU may go on. */
void env_cpu_passes(void)
{
	if (env_coroutine)
		leave(ENV_CPU_PASSES);
}

/* Another CPU has to. */
void env_cpu_waits(void)
{
	if (env_coroutine)
		leave(ENV_CPU_WAITS);
}
