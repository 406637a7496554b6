/* SPDX-License-Identifier: GPL-2.0-only */
/* How kernel code is entered, left and watched: the environment's own side. */
#pragma once
#include "env.h"
#include "boot.h"

#define ENV_MAX_CALLS (1UL << 25)	/* calls of the environment in one entry: the call budget */
#define ENV_EXPORTED __attribute__((visibility("default")))
#define ENV_HIDDEN __attribute__((visibility("hidden")))

/* How the last call into kernel code ended, when it did not return. */
struct env_report {
	env_u64 address;	/* what was accessed */
	env_u64 instruction;	/* by which instruction: an offset in the library */
	char text[240];		/* panic() and BUG_ON() */
};

extern struct env_report env_report;
extern __thread int env_is_inside;
extern __thread unsigned long env_work;
extern __thread int env_atomic;
extern __thread struct env_coroutine *env_coroutine;	/* together.c: NULL outside of it */

/* The linker's: state.lds, and the library itself. */
extern char env_state_begin[] ENV_HIDDEN;
extern char env_state_end[] ENV_HIDDEN;
extern const char __ehdr_start ENV_HIDDEN;
extern char _end[] ENV_HIDDEN;

void env_leave(int end, env_u64 address) __attribute__((noreturn));
void env_unavailable(const char *name) __attribute__((noreturn));
void env_state_restore(void);
void env_memory_restore(void);
void env_guard_restore(void);
int env_is_guarded(const void *at);
int env_guard_has_key(void);
void env_atomic_check(void);
void env_together_reset(void);
void env_open(const void *pages);
void env_close(const void *pages);
int env_freed_at(const void *at, int *site, int *ordinal);
const void *env_pa_to_pointer(env_u64 pa, env_u64 bytes);

/* native_baseline.c */
extern const struct env_calls env_accept_all;

/* threads.c */
void env_thread_lock(int lock, int taken);

/* drive.c: the entry points that the environment calls itself, too */
int tdxverify_boot(const struct env_machine *machine, const struct env_memblock_call *calls,
		   unsigned int count);
int tdxverify_init(void);
int tdxverify_enable(int *result);
int tdxverify_add_memory(const struct env_memblock_call *call, int *result);
int tdxverify_going_online(env_u64 start_pfn, env_u64 pages, int *result);
int tdxverify_machine_check(env_u64 address, int *result);

/* Runs code of the outside: its faults stay its own, and it counts against the call budget. */
#define OUTSIDE(call) do {			\
	int env_was = env_is_inside;		\
						\
	if (++env_work > ENV_MAX_CALLS)		\
		env_leave(ENV_STOPPED, 0);	\
	env_is_inside = 0;			\
	call;					\
	env_is_inside = env_was;		\
} while (0)
