/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls into memblock.c and tdx.c. Ranges are bytes unless a name says pfn. */
#pragma once
#include "env.h"

/* MemblockCallKind of the model, which notes a boot's calls: the numbers are the same. */
enum env_memblock_kind {
	ENV_ADD,
	ENV_REMOVE,
	ENV_RESERVE,
	ENV_FREE,
	ENV_SET_NODE,
	ENV_MARK_HOTPLUG,
	ENV_MARK_MIRROR,
	ENV_MARK_NOMAP,
	ENV_CLEAR_HOTPLUG,
	ENV_CLEAR_NOMAP,
	ENV_TRIM,
	ENV_MARK_KHO_SCRATCH,
	ENV_SET_NODE_RESERVED,
	ENV_MARK_NOINIT,
	ENV_BOTTOM_UP,		/* size is 1 or 0 */
	ENV_LIMIT,
	ENV_ALLOC,
	ENV_ALLOC_EXACT,
	ENV_PHYS_ALLOC,
	ENV_OVERLAPS,
	ENV_OVERLAPS_RESERVED,
	ENV_WALK,
	ENV_ALLOW_RESIZE,
	ENV_SLAB,
	ENV_VALIDATE_COVERAGE,	/* size is the threshold, nid whether it should hold */
};

/* MemblockCall of the model. */
struct env_memblock_call {
	int kind, nid;
	env_u64 address, size, flags;
	env_u64 limit, alignment;	/* of an allocation */
};

#define ENV_ANSWERS 1024	/* of one boot; those behind are left out */

struct env_region {
	env_u64 base, size;
	unsigned int flags;
	int nid;
};

/* Bytes [start, end). */
struct env_range {
	env_u64 start, end;
};

struct env_entry {
	env_u64 start_pfn, end_pfn;
	int nid;
};

/* The state of tdx.c in one struct. */
struct env_state {
	unsigned int global_keyid, guest_keyid_start, guest_keyids;
	int has_tdx_host_capability;
	int status;		/* 0 uninitialized, 1 initialized, 2 error */
	int tdmrs;		/* nr_consumed_tdmrs */
	int tdmr_bytes;		/* tdmr_sz */
	short can_suspend;	/* S3 */
	char has_erratum;	/* X86_BUG_TDX_PW_MCE */
	char has_seamret_bug;	/* X86_BUG_SEAMRET_INVD_VMCS */
	env_u64 sysinfo_digest;	/* what tdx_get_sysinfo() tells; 0: nothing */
	env_u64 incoherent_caches;	/* cache_state_incoherent of the first 64 CPUs */
	env_u64 online_cpus;	/* the first 64 */
	env_u64 keyids_in_use;	/* of guests */
	env_u64 buffer;		/* where the TDMRs are; 0: not allocated */
};

/* What a snapshot is made of. */
struct env_capture {
	env_u64 room;
	struct env_region *regions, *reserved;
	struct env_entry *entries;
	env_u64 region_count, reserved_count, entry_count;
	env_u64 memory_bytes, reserved_bytes;	/* total_size */
	struct env_range memory_array, reserved_array;	/* of memblock; empty: none */
	const env_u64 *answers;
	env_u64 answer_count;
	env_u64 memblock_warnings;	/* and errors that it printed */
	env_u64 memblock_error;	/* what the last call that failed returned; 0: none did */
	struct env_state state;
};

#define ENV_MAX_ENTRIES (1UL << 20)	/* a longer list is damaged */

/* FNV-1a, a word at a time: WordDigest in C#. */
#define ENV_DIGEST 0xcbf29ce484222325ULL
#define ENV_DIGEST_WITH(digest, word) (((digest) ^ (word)) * 0x100000001b3ULL)

/* wrap/memblock.c */
int env_memblock_call(const struct env_memblock_call *call);
int env_memblock_error(void);
int env_memblock_warnings(void);
void env_memblock_guard(void);
void env_memblock_nodes(void);
unsigned long env_memblock_bytes(int reserved);
struct env_range env_memblock_array(int reserved);
unsigned long env_memblock_answers(const env_u64 **answers);
unsigned long env_memblock_regions(int reserved, unsigned long room, struct env_region *regions);

/* fakes/notifier.c */
int env_tdx_notify(unsigned long start_pfn, unsigned long pages);
int env_tdx_notify_action(int action, unsigned long start_pfn, unsigned long pages);

/* Steps of a kernel that runs: StepKind of a scenario. */
enum env_live {
	ENV_CPU_ONLINE = 4,
	ENV_CPU_OFFLINE,
	ENV_KEYID_ALLOC,
	ENV_KEYID_FREE,
	ENV_SUSPEND,
	ENV_MODULE_UPDATE,
	ENV_SHUTDOWN,
	ENV_KEXEC,
	ENV_CRASH,
};

/* Files with a module: ModuleImage of a scenario. */
enum env_image {
	ENV_IMAGE_WHOLE,
	ENV_IMAGE_NO_HEADER,
	ENV_IMAGE_WRONG_LENGTH,
	ENV_IMAGE_WRONG_VERSION,
	ENV_IMAGE_TWO_SIGNATURES,
	ENV_IMAGE_TOO_LARGE,
	ENV_IMAGE_WRONG_MAGIC,
	ENV_IMAGE_RESERVED_BITS,
	ENV_IMAGE_TOO_LONG,
	ENV_IMAGE_LARGEST,
};

#define ENV_IMAGE_PFN 0x20000UL	/* where P-SEAMLDR finds one; it means nothing */

/* fakes/cpuhp.c */
int env_cpu_up(int cpu);
int env_cpu_down(int cpu);
int env_suspend(void);
void env_shutdown(void);

/* wrap/seamldr.c */
int env_module_update(int image);

/* wrap/tdx.c */
void env_tdx_init(void);
int env_tdx_enable(void);
int env_live(int kind, int operand);
int env_tdx_machine_check(unsigned long address);
int env_tdx_build(unsigned long room, struct env_entry *entries);
unsigned long env_tdx_memlist(unsigned long room, struct env_entry *entries);
void env_tdx_state(struct env_state *state);
