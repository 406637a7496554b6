/* SPDX-License-Identifier: GPL-2.0-only */
/* The library's entry points. A call into kernel code that does not come back is left by a jump that crosses C only. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include "drive.h"

extern const char __ehdr_start __attribute__((visibility("hidden")));

#define EXPORTED __attribute__((visibility("default")))
#define ENTER(call) ({ \
	int env_end; \
	memset(&env_report, 0, 16); \
	env_report.text[0] = 0; \
	env_work = 0; \
	env_end = sigsetjmp(back, 0); \
	if (!env_end) { \
		env_is_inside = 1; \
		call; \
	} else { \
		env_end--; \
	} \
	env_is_inside = 0; \
	env_touched_back(); \
	env_end; \
})

struct env_report env_report;
__thread int env_is_inside;
unsigned long env_work;

static sigjmp_buf back;
static struct sigaction before[NSIG];

/* Freed pages that were read: readable again until the call is over, so that it goes on as it would. */
static const void *touched[8];
static int touched_count;

void env_leave(int end, env_u64 address)
{
	env_report.address = address;
	env_is_inside = 0;
	siglongjmp(back, end + 1);
}

static void env_touched_back(void)
{
	extern void env_close(const void *pages);

	while (touched_count > 0) {
		int site, ordinal;
		const void *at = touched[--touched_count];

		env_freed_at(at, &site, &ordinal);
		env.touch(site, ordinal);
		env_close(at);
	}
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	int site, ordinal;

	if (!env_is_inside) {
		struct sigaction *old = &before[number];

		if (old->sa_flags & SA_SIGINFO)
			old->sa_sigaction(number, info, context);
		else if (old->sa_handler == SIG_DFL || old->sa_handler == SIG_IGN)
			signal(number, SIG_DFL);
		else
			old->sa_handler(number);
		return;
	}
	if (number == SIGSEGV && touched_count < 8 && env_freed_at(info->si_addr, &site, &ordinal)) {
		env_open(info->si_addr);
		touched[touched_count++] = info->si_addr;
		return;
	}
	env_report.instruction = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] - (env_u64)&__ehdr_start;
	env_leave(number == SIGSEGV && env_is_guarded(info->si_addr) ? ENV_UNLOCKED : ENV_FAULT, (env_u64)info->si_addr);
}

/* Takes the table and starts to watch. Once a process. */
EXPORTED void tdxverify_open(const struct env_calls *calls)
{
	static const int watched[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	env = *calls;
	for (unsigned i = 0; i < sizeof(watched) / sizeof(*watched); i++)
		sigaction(watched[i], &action, &before[watched[i]]);
}

/* Another kernel boots: every static and all memory is as it was loaded; then memblock is called. */
EXPORTED int tdxverify_boot(const struct env_machine *machine, const struct env_memblock_call *calls, unsigned count)
{
	env_machine = *machine;
	env_guard_back();
	env_state_back();
	env_memory_back();
	env_world_boot();
	return ENTER({
		for (unsigned i = 0; i < count; i++)
			env_memblock_call(&calls[i]);
		env_memblock_guard();
		env_guard();
	});
}

EXPORTED int tdxverify_init(void)
{
	return ENTER(env_tdx_init());
}

EXPORTED int tdxverify_enable(int *result)
{
	return ENTER(*result = env_tdx_enable());
}

/* The caller of these holds mem_hotplug_lock for writing. */
EXPORTED int tdxverify_add_memory(const struct env_memblock_call *call, int *result)
{
	env_unguard();
	int end = ENTER(*result = env_memblock_call(call));

	env_guard();
	return end;
}

EXPORTED int tdxverify_going_online(env_u64 start_pfn, env_u64 pages, int *result)
{
	env_unguard();
	int end = ENTER(*result = env_tdx_notify(start_pfn, pages));

	env_guard();
	return end;
}

EXPORTED int tdxverify_notify(int action, env_u64 start_pfn, env_u64 pages, int *result)
{
	env_unguard();
	int end = ENTER(*result = env_tdx_notify_action(action, start_pfn, pages));

	env_guard();
	return end;
}

EXPORTED int tdxverify_machine_check(env_u64 address, int *result)
{
	return ENTER(*result = env_tdx_machine_check(address));
}

EXPORTED int tdxverify_build(unsigned room, struct env_entry *entries, int *result)
{
	env_unguard();
	int end = ENTER(*result = env_tdx_build(room, entries));

	env_guard();
	return end;
}

/* Both arrays, as many entries as there is room for, and how many there are. */
EXPORTED int tdxverify_capture(struct env_capture *capture)
{
	env_unguard();
	int end = ENTER({
		capture->region_count = env_memblock_regions(0, 0, capture->room, capture->regions);
		capture->entry_count = env_tdx_memlist(0, capture->room, capture->entries);
	});

	env_tdx_state(&capture->state);
	env_guard();
	return end;
}

/* The TDMR buffer as it is, or as it was when it was freed; no TDMRs where there never was one. */
EXPORTED void tdxverify_open_tdmrs(struct env_state *state)
{
	int site, ordinal;

	env_tdx_state(state);
	if (!state->buffer)
		state->tdmrs = 0;
	else if (env_freed_at((const void *)state->buffer, &site, &ordinal))
		env_open((const void *)state->buffer);
}

EXPORTED env_u64 tdxverify_reserved(env_u64 room, struct env_region *regions)
{
	env_unguard();
	env_u64 count = env_memblock_regions(1, 0, room, regions);

	env_guard();
	return count;
}

/* 1: what a lock guards is closed with protection keys; 0: with mprotect(). */
EXPORTED int tdxverify_has_protection_keys(void)
{
	return env_guard_has_key();
}

EXPORTED const struct env_report *tdxverify_report(void)
{
	return &env_report;
}

/* Host memory as the module reads it; 0: nobody's. */
EXPORTED int tdxverify_read(env_u64 pa, env_u64 *words, unsigned count)
{
	const void *from = env_pa_to_pointer(pa, 8ULL * count);

	if (!from)
		return 0;
	/* The module reads what it is given, freed or not. */
	for (unsigned i = 0; i < count; i++)
		words[i] = ((const volatile env_u64 *)from)[i];
	return 1;
}
