// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same cases as a plain C loop: a module that accepts everything, an allocator that never
 * fails, nothing recorded, nothing judged.
 */
#include "drive.h"
#include "native_baseline.h"

/* The module's answers: features that kernels accept, and limits that suit every case. */
#define FEATURES0 0xf0ebf
#define MAX_TDMRS 64
#define OTHER_FIELDS 16

#define FIRST_PAMT_PFN (1ULL << 38)

static int ordinal;
static env_u64 next_pfn = FIRST_PAMT_PFN;

static int on_kmalloc(int site, env_u64 bytes)
{
	return ++ordinal;
}

static int on_pages_exact(env_u64 bytes)
{
	return ++ordinal;
}

static int on_contig(env_u64 pages, int nid, int request, env_u64 *pfn)
{
	*pfn = next_pfn;
	next_pfn += pages;
	return pages ? ++ordinal : 0;
}

static void on_free(int site, int object, env_u64 pfn, env_u64 pages) { }
static void on_two(int one, int other) { }
static void on_nothing(void) { }
static int on_vmx(int cpu, int is_taken) { return 0; }
static void on_flush_cpu(int cpu) { }
static int on_schedule(int cpu, int what) { return cpu; }
static void on_reset(env_u64 start, env_u64 size) { }
static void on_misuse(int what, env_u64 instruction) { }
static void on_log(int level, const char *format, int count, const env_u64 *arguments) { }

static env_u64 on_seamcall(int cpu, env_u64 leaf, struct env_registers *registers, int *stop)
{
	if (leaf != ENV_TDH_SYS_RD) {
		/* TDH.SYS.TDMR.INIT: all of it at once */
		registers->rdx = ~0ULL;
		return 0;
	}
	switch (registers->rdx) {
	case ENV_MD_TDX_FEATURES0:
		registers->r8 = FEATURES0;
		break;
	case ENV_MD_MAX_TDMRS:
		registers->r8 = MAX_TDMRS;
		break;
	default:
		registers->r8 = OTHER_FIELDS;
	}
	return 0;
}

const struct env_calls env_accept_all = {
	.kmalloc = on_kmalloc,
	.pages_exact = on_pages_exact,
	.contig = on_contig,
	.free = on_free,
	.touch = on_two,
	.lock = on_two,
	.flush = on_nothing,
	.reset = on_reset,
	.warn = on_nothing,
	.misuse = on_misuse,
	.log = on_log,
	.vmx = on_vmx,
	.flush_cpu = on_flush_cpu,
	.schedule = on_schedule,
	.seamcall = on_seamcall,
};

static void take(const struct env_step *step)
{
	struct env_memblock_call add = { ENV_ADD, step->nid, step->address, step->size };
	int result;

	switch (step->kind) {
	case ENV_STEP_ENABLE:
		tdxverify_enable(&result);
		break;
	case ENV_STEP_ADD_MEMORY:
		tdxverify_add_memory(&add, &result);
		break;
	case ENV_STEP_GOING_ONLINE:
		tdxverify_going_online(step->address, step->size, &result);
		break;
	default:
		tdxverify_machine_check(step->address, &result);
	}
}

ENV_EXPORTED void tdxverify_native_baseline(const struct env_case *cases, unsigned int count)
{
	struct env_calls before = env;
	unsigned int i, s;

	env = env_accept_all;
	for (i = 0; i < count; i++) {
		const struct env_case *one = &cases[i];

		ordinal = 0;
		next_pfn = FIRST_PAMT_PFN;
		tdxverify_boot(&one->machine, one->calls, one->call_count);
		tdxverify_init();
		for (s = 0; s < one->step_count; s++)
			take(&one->steps[s]);
	}
	env = before;
}
