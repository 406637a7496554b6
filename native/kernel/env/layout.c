// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sizes, offsets and numbers that the program which loads the library relies on. Each row says
 * what it has to be, is asserted when it is compiled, and is compared with the program's own
 * when it loads the library.
 */
#include <assert.h>
#include <stddef.h>
#include "drive.h"
#include "native_baseline.h"

struct env_layout {
	const char *name;
	env_u64 value;
};

/* 0, or the file does not compile. */
#define ASSERTED(condition, text) \
	(0 * sizeof(struct { static_assert(condition, text); int unused; }))

#define ROW(name, value, expected) \
	{ name, (value) + ASSERTED((value) == (expected), name " is not " #expected) }
#define SIZE(type, bytes) ROW(#type, sizeof(struct type), bytes)
#define FIELD(type, field, at) ROW(#type "." #field, offsetof(struct type, field), at)
#define NUMBER(name, expected) ROW(#name, name, expected)

static const struct env_layout rows[] = {
	SIZE(env_registers, 48),
	FIELD(env_registers, rcx, 0),
	FIELD(env_registers, rdx, 8),
	FIELD(env_registers, r8, 16),
	FIELD(env_registers, r9, 24),
	FIELD(env_registers, r10, 32),
	FIELD(env_registers, r11, 40),

	SIZE(env_calls, 120),
	FIELD(env_calls, kmalloc, 0),
	FIELD(env_calls, pages_exact, 8),
	FIELD(env_calls, contig, 16),
	FIELD(env_calls, free, 24),
	FIELD(env_calls, touch, 32),
	FIELD(env_calls, lock, 40),
	FIELD(env_calls, flush, 48),
	FIELD(env_calls, reset, 56),
	FIELD(env_calls, warn, 64),
	FIELD(env_calls, misuse, 72),
	FIELD(env_calls, log, 80),
	FIELD(env_calls, vmx, 88),
	FIELD(env_calls, flush_cpu, 96),
	FIELD(env_calls, schedule, 104),
	FIELD(env_calls, seamcall, 112),

	SIZE(env_machine, 52),
	FIELD(env_machine, mktme_keyids, 0),
	FIELD(env_machine, tdx_keyids, 4),
	FIELD(env_machine, cpus, 8),
	FIELD(env_machine, cpus_per_package, 12),
	FIELD(env_machine, erratum, 16),
	FIELD(env_machine, hibernation, 20),
	FIELD(env_machine, notifier_errno, 24),
	FIELD(env_machine, mirrored, 28),
	FIELD(env_machine, guarded, 32),
	FIELD(env_machine, missing, 36),
	FIELD(env_machine, seamret_invalidates_vmcs, 40),
	FIELD(env_machine, offline_cpus, 44),
	FIELD(env_machine, failing_array, 48),

	SIZE(env_memblock_call, 48),
	FIELD(env_memblock_call, kind, 0),
	FIELD(env_memblock_call, nid, 4),
	FIELD(env_memblock_call, address, 8),
	FIELD(env_memblock_call, size, 16),
	FIELD(env_memblock_call, flags, 24),
	FIELD(env_memblock_call, limit, 32),
	FIELD(env_memblock_call, alignment, 40),

	SIZE(env_region, 24),
	FIELD(env_region, base, 0),
	FIELD(env_region, size, 8),
	FIELD(env_region, flags, 16),
	FIELD(env_region, nid, 20),

	SIZE(env_entry, 24),
	FIELD(env_entry, start_pfn, 0),
	FIELD(env_entry, end_pfn, 8),
	FIELD(env_entry, nid, 16),

	SIZE(env_state, 72),
	FIELD(env_state, global_keyid, 0),
	FIELD(env_state, guest_keyid_start, 4),
	FIELD(env_state, guest_keyids, 8),
	FIELD(env_state, has_tdx_host_capability, 12),
	FIELD(env_state, status, 16),
	FIELD(env_state, tdmrs, 20),
	FIELD(env_state, tdmr_bytes, 24),
	FIELD(env_state, can_suspend, 28),
	FIELD(env_state, has_erratum, 30),
	FIELD(env_state, has_seamret_bug, 31),
	FIELD(env_state, sysinfo_digest, 32),
	FIELD(env_state, incoherent_caches, 40),
	FIELD(env_state, online_cpus, 48),
	FIELD(env_state, keyids_in_use, 56),
	FIELD(env_state, buffer, 64),

	SIZE(env_capture, 208),
	FIELD(env_capture, room, 0),
	FIELD(env_capture, regions, 8),
	FIELD(env_capture, reserved, 16),
	FIELD(env_capture, entries, 24),
	FIELD(env_capture, region_count, 32),
	FIELD(env_capture, reserved_count, 40),
	FIELD(env_capture, entry_count, 48),
	FIELD(env_capture, memory_bytes, 56),
	FIELD(env_capture, reserved_bytes, 64),
	FIELD(env_capture, memory_array, 72),
	FIELD(env_capture, reserved_array, 88),
	FIELD(env_capture, answers, 104),
	FIELD(env_capture, answer_count, 112),
	FIELD(env_capture, memblock_warnings, 120),
	FIELD(env_capture, memblock_error, 128),
	FIELD(env_capture, state, 136),

	SIZE(env_report, 256),
	FIELD(env_report, address, 0),
	FIELD(env_report, instruction, 8),
	FIELD(env_report, text, 16),

	SIZE(env_step, 24),
	FIELD(env_step, kind, 0),
	FIELD(env_step, nid, 4),
	FIELD(env_step, address, 8),
	FIELD(env_step, size, 16),

	SIZE(env_case, 80),
	FIELD(env_case, machine, 0),
	FIELD(env_case, calls, 56),
	FIELD(env_case, steps, 64),
	FIELD(env_case, call_count, 72),
	FIELD(env_case, step_count, 76),

	NUMBER(ENV_RETURNED, 0),
	NUMBER(ENV_PANIC, 1),
	NUMBER(ENV_BUG, 2),
	NUMBER(ENV_FAULT, 3),
	NUMBER(ENV_UNLOCKED, 4),
	NUMBER(ENV_STOPPED, 5),
	NUMBER(ENV_UNAVAILABLE, 6),

	NUMBER(ENV_MEMLIST_ENTRY, 0),
	NUMBER(ENV_PA_ARRAY, 1),
	NUMBER(ENV_PACKAGE_MASK, 2),
	NUMBER(ENV_TDMR_BUFFER, 3),
	NUMBER(ENV_PAMT, 4),
	NUMBER(ENV_OTHER, 5),

	NUMBER(ENV_MOVABLE, 1),
	NUMBER(ENV_THIS_NODE, 2),
	NUMBER(ENV_NO_RECLAIM, 4),
	NUMBER(ENV_LOW, 8),

	NUMBER(ENV_SLEPT, 1),
	NUMBER(ENV_WAITED_FOR_CPUS, 2),
	NUMBER(ENV_LOCKED_TWICE, 3),
	NUMBER(ENV_NOT_LOCKED, 4),
	NUMBER(ENV_LEFT_ATOMIC, 5),
	NUMBER(ENV_STOPPED_CHAIN, 6),
	NUMBER(ENV_PREEMPTIBLE, 7),

	NUMBER(ENV_CPUS_READ, 0),
	NUMBER(ENV_TDX_MODULE, 1),
	NUMBER(ENV_MEM_HOTPLUG_READ, 2),
	NUMBER(ENV_SYSINIT, 3),
	NUMBER(ENV_MEM_HOTPLUG_WRITE, 4),
	NUMBER(ENV_SEAMLDR, 5),
	NUMBER(ENV_UPDATE_CONTROL, 6),

	NUMBER(ENV_NO_XSAVE, 1),
	NUMBER(ENV_NO_MOVDIR64B, 2),
	NUMBER(ENV_NO_SELFSNOOP, 4),
	NUMBER(ENV_NO_VMX, 8),

	NUMBER(ENV_ADD, 0),
	NUMBER(ENV_REMOVE, 1),
	NUMBER(ENV_RESERVE, 2),
	NUMBER(ENV_FREE, 3),
	NUMBER(ENV_SET_NODE, 4),
	NUMBER(ENV_MARK_HOTPLUG, 5),
	NUMBER(ENV_MARK_MIRROR, 6),
	NUMBER(ENV_MARK_NOMAP, 7),
	NUMBER(ENV_CLEAR_HOTPLUG, 8),
	NUMBER(ENV_CLEAR_NOMAP, 9),
	NUMBER(ENV_TRIM, 10),
	NUMBER(ENV_MARK_KHO_SCRATCH, 11),
	NUMBER(ENV_SET_NODE_RESERVED, 12),
	NUMBER(ENV_MARK_NOINIT, 13),
	NUMBER(ENV_BOTTOM_UP, 14),
	NUMBER(ENV_LIMIT, 15),
	NUMBER(ENV_ALLOC, 16),
	NUMBER(ENV_ALLOC_EXACT, 17),
	NUMBER(ENV_PHYS_ALLOC, 18),
	NUMBER(ENV_OVERLAPS, 19),
	NUMBER(ENV_OVERLAPS_RESERVED, 20),
	NUMBER(ENV_WALK, 21),
	NUMBER(ENV_ALLOW_RESIZE, 22),
	NUMBER(ENV_SLAB, 23),
	NUMBER(ENV_VALIDATE_COVERAGE, 24),
	NUMBER(ENV_ANSWERS, 1024),

	NUMBER(ENV_STEP_ENABLE, 0),
	NUMBER(ENV_STEP_ADD_MEMORY, 1),
	NUMBER(ENV_STEP_GOING_ONLINE, 2),
	NUMBER(ENV_STEP_MACHINE_CHECK, 3),

	NUMBER(ENV_CPU_ONLINE, 4),
	NUMBER(ENV_CPU_OFFLINE, 5),
	NUMBER(ENV_KEYID_ALLOC, 6),
	NUMBER(ENV_KEYID_FREE, 7),
	NUMBER(ENV_SUSPEND, 8),
	NUMBER(ENV_MODULE_UPDATE, 9),
	NUMBER(ENV_SHUTDOWN, 10),
	NUMBER(ENV_KEXEC, 11),
	NUMBER(ENV_CRASH, 12),

	NUMBER(ENV_IMAGE_WHOLE, 0),
	NUMBER(ENV_IMAGE_NO_HEADER, 1),
	NUMBER(ENV_IMAGE_WRONG_LENGTH, 2),
	NUMBER(ENV_IMAGE_WRONG_VERSION, 3),
	NUMBER(ENV_IMAGE_TWO_SIGNATURES, 4),
	NUMBER(ENV_IMAGE_TOO_LARGE, 5),
	NUMBER(ENV_IMAGE_WRONG_MAGIC, 6),
	NUMBER(ENV_IMAGE_RESERVED_BITS, 7),
	NUMBER(ENV_IMAGE_TOO_LONG, 8),
	NUMBER(ENV_IMAGE_LARGEST, 9),
	NUMBER(ENV_IMAGE_PFN, 0x20000),

	NUMBER(ENV_CPU_JOINS, 0),
	NUMBER(ENV_CPU_STARTS, 1),
	NUMBER(ENV_CPU_PASSES, 2),
	NUMBER(ENV_CPU_WAITS, 3),
	NUMBER(ENV_CPU_ENDS, 4),
};

ENV_EXPORTED const struct env_layout *tdxverify_layout(unsigned int *count)
{
	*count = sizeof(rows) / sizeof(*rows);
	return rows;
}
