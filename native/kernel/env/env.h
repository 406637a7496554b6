/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel code asks of its environment, as both sides see it: the kernel's files through
 * the headers of fakes/, and the environment's own files. Plain types only, because one side
 * has the kernel's headers and the other the C library's. env/layout.c asserts what the program
 * that loads the library relies on.
 */
#pragma once

typedef unsigned long long env_u64;

/* Where an object was allocated: AllocationSite of the trace. */
enum env_site {
	ENV_MEMLIST_ENTRY,
	ENV_PA_ARRAY,
	ENV_PACKAGE_MASK,
	ENV_TDMR_BUFFER,
	ENV_PAMT,
	ENV_OTHER,
};

/* The locks of tdx.c and seamldr.c: HostLock of the trace; one is never taken in here. */
enum env_lock_id {
	ENV_CPUS_READ,
	ENV_TDX_MODULE,
	ENV_MEM_HOTPLUG_READ,
	ENV_SYSINIT,
	ENV_MEM_HOTPLUG_WRITE,
	ENV_SEAMLDR,
	ENV_UPDATE_CONTROL,
	ENV_LOCKS,
};

/* How a call into kernel code ended. */
enum env_end {
	ENV_RETURNED,		/* it returned */
	ENV_PANIC,		/* panic() */
	ENV_BUG,		/* BUG() or BUG_ON() */
	ENV_FAULT,		/* it accessed memory that is not its own */
	ENV_UNLOCKED,		/* it accessed what a lock guards, without the lock */
	ENV_STOPPED,		/* call budget exceeded, or memory exhausted */
	ENV_UNAVAILABLE,	/* it called what nobody here has */
};

#define ENV_CPUS 8192		/* logical processors at most */
#define ENV_ARGUMENTS 8		/* arguments of a log line at most */

/* What contiguous pages are asked for, besides GFP_KERNEL from any node: PageRequest. */
enum env_page_request {
	ENV_MOVABLE = 1,	/* __GFP_MOVABLE */
	ENV_THIS_NODE = 2,	/* __GFP_THISNODE, or a mask without other nodes that have memory */
	ENV_NO_RECLAIM = 4,	/* without __GFP_DIRECT_RECLAIM */
	ENV_LOW = 8,		/* __GFP_DMA or __GFP_DMA32 */
};

/* What is not allowed and ends nothing at once: Misuse of the trace. */
enum env_misuse {
	ENV_SLEPT = 1,		/* with interrupts or preemption off, or under a spinlock */
	ENV_WAITED_FOR_CPUS,	/* for other CPUs, with interrupts off */
	ENV_LOCKED_TWICE,	/* a lock that this CPU holds */
	ENV_NOT_LOCKED,		/* released a lock that this CPU does not hold */
	ENV_LEFT_ATOMIC,	/* returned with interrupts or preemption off */
	ENV_STOPPED_CHAIN,	/* accepted a notification, and nobody behind it is asked */
	ENV_PREEMPTIBLE,	/* asserted that preemption is off, and it is on */
};

struct env_registers {
	env_u64 rcx, rdx, r8, r9, r10, r11;
};

/*
 * The one table of what is answered and recorded outside. An ordinal of 0 is NULL. A stop that
 * is not 0 ends the call into kernel code.
 */
struct env_calls {
	int (*kmalloc)(int site, env_u64 bytes);
	int (*pages_exact)(env_u64 bytes);
	int (*contig)(env_u64 pages, int nid, int request, env_u64 *pfn);
	void (*free)(int site, int ordinal, env_u64 pfn, env_u64 pages);
	void (*touch)(int site, int ordinal);
	void (*lock)(int lock, int taken);
	void (*flush)(void);
	void (*reset)(env_u64 start, env_u64 size);
	void (*warn)(void);
	void (*misuse)(int what, env_u64 instruction);
	void (*log)(int level, const char *format, int count, const env_u64 *arguments);
	int (*vmx)(int cpu, int is_taken);
	void (*flush_cpu)(int cpu);
	int (*schedule)(int cpu, int what);
	env_u64 (*seamcall)(int cpu, env_u64 leaf, struct env_registers *registers, int *stop);
};

/* CPU features that a machine may lack: MissingFeatures of a scenario. */
enum env_missing {
	ENV_NO_XSAVE = 1,
	ENV_NO_MOVDIR64B = 2,
	ENV_NO_SELFSNOOP = 4,
	ENV_NO_VMX = 8,
};

/* The machine of one boot. */
struct env_machine {
	unsigned int mktme_keyids, tdx_keyids;
	int cpus, cpus_per_package;
	int erratum, hibernation, notifier_errno, mirrored;
	int guarded;		/* system calls open and close memory: who accesses what? */
	int missing, seamret_invalidates_vmcs;
	int offline_cpus;	/* behind the others */
	int failing_array;	/* the kmalloc() of memblock.c that fails, from 1; 0: none */
};

/* fakes/globals.c */
void env_globals_boot(void);

extern struct env_calls env;
extern struct env_machine env_machine;
extern __thread int env_cpu;	/* the logical processor that runs */

/* env/memory.c */
void *env_kmalloc(int site, unsigned long bytes, int zeroed);
void env_kfree(const void *object);
unsigned long env_kmalloc_bytes(const void *object);
void *env_pa_to_object(unsigned long pa);
void *env_pages_exact(unsigned long bytes, int zeroed);
void env_pages_exact_free(void *pages, unsigned long bytes);
unsigned long env_contig(unsigned long pages, int nid, int request, unsigned long *pfn);
void env_contig_free(unsigned long pfn, unsigned long pages);
unsigned long env_pa(const void *object);

/* env/guard.c: memory that a lock guards */
void *env_guarded(unsigned long bytes);
void *env_guarded_array(unsigned long bytes);
void *env_guarded_object(unsigned long bytes);
void *env_direct_map(unsigned long pa, unsigned long bytes);
unsigned long env_direct_map_pa(const void *at);
void env_direct_map_forget(const void *at);
int env_direct_map_ends(const void *array, unsigned long bytes);
void env_guard(void);
void env_unguard(void);

/* env/calls.c */
void env_lock(int lock);
void env_unlock(int lock);
void env_lock_owned(int lock, const void **owner);
int env_unlock_owned(int lock, const void **owner);
extern __thread const void *env_mem_hotplug_reader;	/* others may read beside it */
void env_may_sleep(void);
void env_may_wait_for_cpus(void);
void env_atomic_begin(int irqs);
void env_atomic_end(int irqs);
int env_in_atomic(void);
void env_stopped_chain(void);
int env_irqs_disabled(void);
void env_must_be_atomic(void);
void env_flush(void);
void env_flush_cpu(void);
int env_vmx_get(void);
void env_vmx_put(void);
void env_warn(void);
void env_log(int level, const char *format, ...);
void env_bug(int end, const char *text) __attribute__((noreturn));
env_u64 env_seamcall(env_u64 leaf, struct env_registers *registers);

/* env/together.c: CPUs that run the same function at once, one of them at a time */
enum env_schedule {
	ENV_CPU_JOINS,		/* one more takes part */
	ENV_CPU_STARTS,		/* who is the first? */
	ENV_CPU_PASSES,		/* it could go on: who does? */
	ENV_CPU_WAITS,		/* it waits for others: who goes on? */
	ENV_CPU_ENDS,		/* who goes on? Nobody: -1 */
};

void env_run_together(const int *cpus, int count, void (*run)(void *argument), void *argument);
void env_cpu_passes(void);
void env_cpu_waits(void);

/*
 * env/reset.c: an area that MOVDIR64B converted back. Leaf: the compiler may keep what it knows
 * of the caller's statics, and the loop runs in registers.
 */
void env_reset(unsigned long start, unsigned long bytes) __attribute__((leaf));
