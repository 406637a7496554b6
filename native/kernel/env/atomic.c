// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may sleep, and who holds a lock. The C library's side of fakes/lock.h: what is not allowed
 * is recorded with the instruction that asked for it, and goes on.
 */
#include <stddef.h>
#include "drive.h"

#define IRQS 0x10000	/* above it: how often interrupts were switched off */

/* How often interrupts, preemption and spinlocks keep this CPU from sleeping. */
__thread int env_atomic;
__thread const void *env_mem_hotplug_reader;

static void misuse(int what, const void *from)
{
	const env_u64 instruction = (env_u64)from - (env_u64)&__ehdr_start;

	OUTSIDE(env.misuse(what, instruction));
}

void env_atomic_begin(int irqs)
{
	env_atomic += irqs ? IRQS : 1;
}

void env_atomic_end(int irqs)
{
	env_atomic -= irqs ? IRQS : 1;
}

int env_in_atomic(void)
{
	return env_atomic != 0;
}

int env_irqs_disabled(void)
{
	return env_atomic >= IRQS;
}

void env_may_sleep(void)
{
	if (env_atomic)
		misuse(ENV_SLEPT, __builtin_return_address(0));
}

void env_may_wait_for_cpus(void)
{
	if (env_atomic >= IRQS)
		misuse(ENV_WAITED_FOR_CPUS, __builtin_return_address(0));
}

void env_must_be_atomic(void)
{
	if (!env_atomic)
		misuse(ENV_PREEMPTIBLE, __builtin_return_address(0));
}

/* A thread is a CPU, and so is a coroutine: its own variable is its name. */
static const void *self(void)
{
	return env_coroutine ? (const void *)env_coroutine : &env_atomic;
}

void env_lock_owned(int lock, const void **owner)
{
	while (env_coroutine && *owner && *owner != self())
		env_cpu_waits();
	if (*owner == self())
		misuse(ENV_LOCKED_TWICE, __builtin_return_address(0));
	else
		env_lock(lock);
	*owner = self();
}

/* 0: the caller does not hold it. */
int env_unlock_owned(int lock, const void **owner)
{
	if (*owner != self()) {
		misuse(ENV_NOT_LOCKED, __builtin_return_address(0));
		return 0;
	}
	*owner = NULL;
	env_unlock(lock);
	return 1;
}

void env_stopped_chain(void)
{
	misuse(ENV_STOPPED_CHAIN, &__ehdr_start);
}

/* Kernel code is left: what it entered with is what it leaves with. */
void env_atomic_check(void)
{
	if (env_atomic)
		misuse(ENV_LEFT_ATOMIC, &__ehdr_start);
}
