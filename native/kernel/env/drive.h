/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls into kernel code: how they are entered, left and watched. The environment's own side. */
#pragma once
#include "env.h"
#include "boot.h"

#define ENV_MOST_CALLS (1UL << 26)	/* environment calls of one entry; more is called endless */

/* How the last call into kernel code ended, when it did not come back. */
struct env_report {
	env_u64 address;	/* what was touched */
	env_u64 instruction;	/* who touched it: an offset in the library */
	char text[240];		/* panic() and BUG_ON() */
};

extern struct env_report env_report;
extern __thread int env_is_inside;
extern unsigned long env_work;

void env_leave(int end, env_u64 address) __attribute__((noreturn));
void env_state_back(void);
void env_memory_back(void);
void env_guard_back(void);
int env_is_guarded(const void *at);
int env_guard_has_key(void);
void env_open(const void *pages);
void env_close(const void *pages);
int env_freed_at(const void *at, int *site, int *ordinal);
const void *env_pa_to_pointer(env_u64 pa, env_u64 bytes);

extern const struct env_calls env_accept_all;	/* yardstick.c */
void env_thread_lock(int lock, int taken);	/* threads.c */

/* drive.c: what is asked from outside */
int tdxverify_boot(const struct env_machine *machine, const struct env_memblock_call *calls, unsigned count);
int tdxverify_init(void);
int tdxverify_enable(int *result);
int tdxverify_add_memory(const struct env_memblock_call *call, int *result);
int tdxverify_going_online(env_u64 start_pfn, env_u64 pages, int *result);
int tdxverify_machine_check(env_u64 address, int *result);

/* Code from outside. */
#define OUTSIDE(call) do { \
	if (++env_work > ENV_MOST_CALLS) \
		env_leave(ENV_STOPPED, 0); \
	int env_was = env_is_inside; \
	env_is_inside = 0; \
	call; \
	env_is_inside = env_was; \
} while (0)
