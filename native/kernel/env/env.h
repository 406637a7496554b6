/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel code asks of the world, as both sides see it: the kernel's files through the headers beside this one, the
 * environment's own files, and whoever drives the library. Plain types only, because one side has the kernel's headers
 * and the other the C library's.
 */
#pragma once

typedef unsigned long long env_u64;

/* Where an object was allocated; the numbers are those of the trace. */
enum env_site { ENV_MEMLIST_ENTRY, ENV_PA_ARRAY, ENV_PACKAGE_MASK, ENV_TDMR_BUFFER, ENV_PAMT };

/* Locks of the trace. */
enum env_lock_id { ENV_CPUS_READ, ENV_TDX_MODULE, ENV_MEM_HOTPLUG_READ, ENV_SYSINIT };

/* How a call into kernel code ended. */
enum env_end {
	ENV_RETURNED,		/* it came back */
	ENV_PANIC,		/* panic() */
	ENV_BUG,		/* BUG() or BUG_ON() */
	ENV_FAULT,		/* it touched memory that is not its own */
	ENV_UNLOCKED,		/* it touched what a lock guards, without the lock */
	ENV_STOPPED,		/* the environment had enough of it */
};

#define ENV_CPUS 8192		/* logical processors at most */
#define ENV_ARGUMENTS 8		/* arguments of a log line at most */

struct env_registers {
	env_u64 rcx, rdx, r8, r9, r10, r11;
};

/*
 * The one table of what is answered and recorded from outside. An ordinal of 0 is NULL. A stop that is not 0 ends the
 * call into kernel code.
 */
struct env_calls {
	int (*kmalloc)(int site, env_u64 bytes);
	int (*pages_exact)(env_u64 bytes);
	int (*contig)(env_u64 pages, int nid, env_u64 *pfn);
	void (*free)(int site, int ordinal, env_u64 pfn, env_u64 pages);
	void (*touch)(int site, int ordinal);
	void (*lock)(int lock, int taken);
	void (*flush)(void);
	void (*reset)(env_u64 start, env_u64 size);
	void (*warn)(void);
	void (*log)(int level, const char *format, int count, const env_u64 *arguments);
	env_u64 (*seamcall)(int cpu, env_u64 leaf, struct env_registers *registers, int *stop);
};

/* CPU features that a machine may lack. */
enum env_missing { ENV_NO_XSAVE = 1, ENV_NO_MOVDIR64B = 2, ENV_NO_SELFSNOOP = 4, ENV_NO_VMX = 8 };

/* What the machine is like, for one boot. */
struct env_machine {
	unsigned int mktme_keyids, tdx_keyids;
	int cpus, cpus_per_package;
	int erratum, hibernation, notifier_errno, mirrored;
	int guarded;	/* memory is opened and closed with system calls, to see who touches what */
	int missing, seamret_invalidates_vmcs;
};

void env_world_boot(void);

extern struct env_calls env;
extern struct env_machine env_machine;
extern int env_cpu;		/* the logical processor that runs */

/* memory.c */
void *env_kmalloc(int site, unsigned long bytes, int zeroed);
void env_kfree(const void *object);
void *env_pages_exact(unsigned long bytes, int zeroed);
void env_pages_exact_free(void *pages, unsigned long bytes);
unsigned long env_contig(unsigned long pages, int nid, unsigned long *pfn);
void env_contig_free(unsigned long pfn, unsigned long pages);
unsigned long env_pa(const void *object);

/* guard.c: memory that a lock guards */
void *env_guarded(unsigned long bytes);
void *env_guarded_object(unsigned long bytes);
void *env_direct_map(unsigned long pa, unsigned long bytes);
unsigned long env_direct_map_pa(const void *at);
void env_guard(void);
void env_unguard(void);

/* calls.c */
void env_lock(int lock);
void env_unlock(int lock);
void env_flush(void);
void env_warn(void);
void env_log(int level, const char *format, ...);
void env_bug(int end, const char *text) __attribute__((noreturn));
env_u64 env_seamcall(env_u64 leaf, struct env_registers *registers);

/* reset.c: MOVDIR64B. Leaf: the compiler may keep what it knows of the caller's statics, and the loop runs in registers. */
void env_reset(unsigned long start, unsigned long bytes) __attribute__((leaf));
