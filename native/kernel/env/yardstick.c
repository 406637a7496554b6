/* SPDX-License-Identifier: GPL-2.0-only */
/* The same cases as plain C: a module that accepts everything, an allocator that never fails, nothing recorded, nothing judged. */
#include "drive.h"

struct yardstick_step {
	int kind, nid;		/* enable, add, going-online, machine-check */
	env_u64 address, size;
};

struct yardstick_case {
	struct env_machine machine;
	const struct env_memblock_call *calls;
	const struct yardstick_step *steps;
	unsigned call_count, step_count;
};

static int ordinal;
static env_u64 next_pfn = 1ULL << 38;

static int on_kmalloc(int site, env_u64 bytes) { return ++ordinal; }
static int on_pages_exact(env_u64 bytes) { return ++ordinal; }
static void on_free(int site, int object, env_u64 pfn, env_u64 pages) { }
static void on_two(int one, int other) { }
static void on_nothing(void) { }
static void on_reset(env_u64 start, env_u64 size) { }
static void on_log(int level, const char *format, int count, const env_u64 *arguments) { }

static int on_contig(env_u64 pages, int nid, env_u64 *pfn)
{
	*pfn = next_pfn;
	next_pfn += pages;
	return pages ? ++ordinal : 0;
}

static env_u64 on_seamcall(int cpu, env_u64 leaf, struct env_registers *registers, int *stop)
{
	if (leaf == 34) {
		/* TDH.SYS.RD: TDX_FEATURES0, MAX_TDMRS, and 16 of everything else */
		registers->r8 = registers->rdx == 0x0a00000300000008 ? 0xf0ebf : registers->rdx == 0x9100000100000008 ? 64 : 16;
		return 0;
	}
	/* TDH.SYS.TDMR.INIT: all of it at once */
	registers->rdx = ~0ULL;
	return 0;
}

const struct env_calls env_accept_all = {
	on_kmalloc, on_pages_exact, on_contig, on_free, on_two, on_two, on_nothing, on_reset, on_nothing, on_log, on_seamcall,
};

__attribute__((visibility("default"))) void tdxverify_yardstick(const struct yardstick_case *cases, unsigned count)
{
	struct env_calls before = env;

	env = env_accept_all;
	for (unsigned i = 0; i < count; i++) {
		const struct yardstick_case *one = &cases[i];
		int result;

		ordinal = 0;
		next_pfn = 1ULL << 38;
		tdxverify_boot(&one->machine, one->calls, one->call_count);
		tdxverify_init();
		for (unsigned s = 0; s < one->step_count; s++) {
			const struct yardstick_step *step = &one->steps[s];
			struct env_memblock_call add = { ENV_ADD, step->nid, step->address, step->size };

			switch (step->kind) {
			case 0:
				tdxverify_enable(&result);
				break;
			case 1:
				tdxverify_add_memory(&add, &result);
				break;
			case 2:
				tdxverify_going_online(step->address, step->size, &result);
				break;
			default:
				tdxverify_machine_check(step->address, &result);
			}
		}
	}
	env = before;
}
