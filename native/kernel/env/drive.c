// SPDX-License-Identifier: GPL-2.0-only
/*
 * The library's entry points. A call into kernel code that does not return is left by a jump
 * that crosses C frames only.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <ucontext.h>
#include "drive.h"

#define MAX_UAF_READS 8

/* Runs kernel code; its value is how that ended. */
#define ENTER(call) ({						\
	int env_end;						\
								\
	memset(&env_report, 0, offsetof(struct env_report, text));	\
	env_report.text[0] = 0;					\
	env_work = 0;						\
	env_cpu = 0;						\
	env_atomic = 0;						\
	env_mem_hotplug_reader = NULL;				\
	env_together_reset();					\
	env_end = sigsetjmp(way_out, 0);			\
	if (!env_end) {						\
		env_is_inside = 1;				\
		call;						\
		env_atomic_check();				\
	} else {						\
		env_end--;					\
	}							\
	env_is_inside = 0;					\
	env_uaf_reads_restore();				\
	env_end;						\
})

struct env_report env_report;
__thread int env_is_inside;
__thread unsigned long env_work;

/* Threads may enter one behind the other; each leaves by its own way. */
static __thread sigjmp_buf way_out;
static struct sigaction before[NSIG];

/*
 * Reads of freed pages: open until the call is over, so that it goes on as it would on a
 * machine.
 */
static const void *env_uaf_reads[MAX_UAF_READS];
static int env_uaf_read_count;

void env_leave(int end, env_u64 address)
{
	env_report.address = address;
	env_is_inside = 0;
	siglongjmp(way_out, end + 1);
}

static void env_uaf_reads_restore(void)
{
	while (env_uaf_read_count > 0) {
		const void *at = env_uaf_reads[--env_uaf_read_count];
		int site, ordinal;

		env_freed_at(at, &site, &ordinal);
		env.touch(site, ordinal);
		env_close(at);
	}
}

/* A signal of the outside goes where it went before. */
static void pass_on(int number, siginfo_t *info, void *context)
{
	struct sigaction *old = &before[number];

	if (old->sa_flags & SA_SIGINFO)
		old->sa_sigaction(number, info, context);
	else if (old->sa_handler == SIG_DFL || old->sa_handler == SIG_IGN)
		signal(number, SIG_DFL);
	else
		old->sa_handler(number);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	const void *at = info->si_addr;
	int is_unlocked, site, ordinal;
	env_u64 rip;

	if (!env_is_inside) {
		pass_on(number, info, context);
		return;
	}
	if (number == SIGSEGV && env_uaf_read_count < MAX_UAF_READS &&
	    env_freed_at(at, &site, &ordinal)) {
		env_open(at);
		env_uaf_reads[env_uaf_read_count++] = at;
		return;
	}
	rip = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	/* memcpy() and its kind are the C library's, and have no frame: who called counts. */
	if (rip < (env_u64)&__ehdr_start || rip >= (env_u64)_end)
		rip = *(env_u64 *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RSP] - 1;
	env_report.instruction = rip - (env_u64)&__ehdr_start;
	is_unlocked = number == SIGSEGV && env_is_guarded(at);
	env_leave(is_unlocked ? ENV_UNLOCKED : ENV_FAULT, (env_u64)at);
}

/* Takes the table and starts to watch. Once a process. */
ENV_EXPORTED void tdxverify_open(const struct env_calls *calls)
{
	static const int watched[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action = {
		.sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};
	unsigned int i;

	env = *calls;
	for (i = 0; i < sizeof(watched) / sizeof(*watched); i++)
		sigaction(watched[i], &action, &before[watched[i]]);
}

/*
 * Another kernel boots: every static and all memory is as it was loaded; then memblock is
 * called.
 */
ENV_EXPORTED int tdxverify_boot(const struct env_machine *machine,
				const struct env_memblock_call *calls, unsigned int count)
{
	unsigned int i;

	env_machine = *machine;
	env_guard_restore();
	env_state_restore();
	env_memory_restore();
	env_globals_boot();
	return ENTER({
		for (i = 0; i < count; i++)
			env_memblock_call(&calls[i]);
		env_memblock_guard();
		env_memblock_nodes();
		env_guard();
	});
}

ENV_EXPORTED int tdxverify_init(void)
{
	return ENTER(env_tdx_init());
}

ENV_EXPORTED int tdxverify_enable(int *result)
{
	return ENTER(*result = env_tdx_enable());
}

/* The caller of these holds mem_hotplug_lock for writing. */
ENV_EXPORTED int tdxverify_add_memory(const struct env_memblock_call *call, int *result)
{
	int end;

	env_unguard();
	end = ENTER(*result = env_memblock_call(call));
	env_guard();
	return end;
}

ENV_EXPORTED int tdxverify_going_online(env_u64 start_pfn, env_u64 pages, int *result)
{
	int end;

	env_unguard();
	end = ENTER(*result = env_tdx_notify(start_pfn, pages));
	env_guard();
	return end;
}

ENV_EXPORTED int tdxverify_notify(int action, env_u64 start_pfn, env_u64 pages, int *result)
{
	int end;

	env_unguard();
	end = ENTER(*result = env_tdx_notify_action(action, start_pfn, pages));
	env_guard();
	return end;
}

ENV_EXPORTED int tdxverify_machine_check(env_u64 address, int *result)
{
	return ENTER(*result = env_tdx_machine_check(address));
}

ENV_EXPORTED int tdxverify_live(int kind, int operand, int *result)
{
	return ENTER(*result = env_live(kind, operand));
}

ENV_EXPORTED int tdxverify_build(unsigned int room, struct env_entry *entries, int *result)
{
	int end;

	env_unguard();
	end = ENTER(*result = env_tdx_build(room, entries));
	env_guard();
	return end;
}

/* The lists, as many entries of each as there is room for, and how many there are. */
ENV_EXPORTED int tdxverify_capture(struct env_capture *capture)
{
	int end;

	env_unguard();
	end = ENTER({
		capture->region_count = env_memblock_regions(0, capture->room, capture->regions);
		capture->reserved_count = env_memblock_regions(1, capture->room,
							       capture->reserved);
		capture->memory_bytes = env_memblock_bytes(0);
		capture->reserved_bytes = env_memblock_bytes(1);
		capture->memory_array = env_memblock_array(0);
		capture->reserved_array = env_memblock_array(1);
		capture->answer_count = env_memblock_answers(&capture->answers);
		capture->memblock_warnings = env_memblock_warnings();
		capture->memblock_error = env_memblock_error();
		capture->entry_count = env_tdx_memlist(capture->room, capture->entries);
	});
	env_tdx_state(&capture->state);
	env_guard();
	return end;
}

/* The TDMR buffer as it is, or as it was when it was freed; no TDMRs where there never was one. */
ENV_EXPORTED void tdxverify_open_tdmrs(struct env_state *state)
{
	int site, ordinal;

	env_tdx_state(state);
	if (!state->buffer)
		state->tdmrs = 0;
	else if (env_freed_at((const void *)state->buffer, &site, &ordinal))
		env_open((const void *)state->buffer);
}

/* 1: what a lock guards is closed with protection keys; 0: with mprotect(). */
ENV_EXPORTED int tdxverify_has_protection_keys(void)
{
	return env_guard_has_key();
}

ENV_EXPORTED const struct env_report *tdxverify_report(void)
{
	return &env_report;
}

/* Host memory as the module reads it; 0: nobody's. What kfree() took is still there, poisoned. */
ENV_EXPORTED int tdxverify_read(env_u64 pa, env_u64 *words, unsigned int count)
{
	/* Volatile: a sanitizer's memcpy() would report poisoned memory. */
	const volatile env_u64 *from = env_pa_to_pointer(pa, sizeof(*words) * count);
	unsigned int i;

	if (!from)
		return 0;
	for (i = 0; i < count; i++)
		words[i] = from[i];
	return 1;
}
