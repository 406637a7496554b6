/* SPDX-License-Identifier: GPL-2.0-only */
/* Processors: numbered from 0, packages one after another, one of them running at a time. */
#pragma once
#include <env/kernel.h>
#include <env/lock.h>
#include <asm/cpufeatures.h>
#include <asm/asm.h>
#include <asm/barrier.h>
#include <asm/intel-family.h>
#include <asm/msr-index.h>
#include <asm/shared/msr.h>
#include <linux/cpuhotplug.h>
#include <linux/errno.h>

#define X86_VENDOR_INTEL 0

#ifndef X86_BUG_SEAMRET_INVD_VMCS
#define X86_BUG_SEAMRET_INVD_VMCS X86_BUG(32 * NBUGINTS - 1)
#endif

struct cpuinfo_x86 { u32 x86_vfm; u8 x86, x86_vendor, x86_model, x86_stepping; u8 x86_phys_bits, x86_virt_bits; };
extern struct cpuinfo_x86 boot_cpu_data;

#define ENV_FEATURES (32 * (NCAPINTS + NBUGINTS))
extern bool env_features[ENV_FEATURES];

#define boot_cpu_has(feature) (env_features[feature])
#define boot_cpu_has_bug(bug) (env_features[bug])
#define cpu_feature_enabled(feature) boot_cpu_has(feature)
#define static_cpu_has(feature) boot_cpu_has(feature)
#define setup_force_cpu_cap(feature) do { env_features[feature] = true; } while (0)
#define setup_clear_cpu_cap(feature) do { env_features[feature] = false; } while (0)
#define setup_force_cpu_bug(bug) do { env_features[bug] = true; } while (0)

#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name[ENV_CPUS]
#define DEFINE_PER_CPU(type, name) __typeof__(type) name[ENV_CPUS]
#define DEFINE_PER_CPU_CACHE_HOT(type, name) DEFINE_PER_CPU(type, name)
#define per_cpu(name, cpu) ((name)[cpu])
#define per_cpu_ptr(pointer, cpu) (&(*(pointer))[cpu])
#define this_cpu_ptr(pointer) per_cpu_ptr(pointer, env_cpu)
#define this_cpu_read(name) ((name)[env_cpu])
#define this_cpu_write(name, value) ((name)[env_cpu] = (value))
#define __this_cpu_read this_cpu_read
#define __this_cpu_write this_cpu_write
#define raw_cpu_read this_cpu_read
#define raw_cpu_write this_cpu_write
#define smp_processor_id() env_cpu
#define raw_smp_processor_id() env_cpu
DECLARE_PER_CPU(bool, cache_state_incoherent);

struct cpumask { unsigned long bits[CONFIG_NR_CPUS / BITS_PER_LONG]; };
typedef struct cpumask *cpumask_var_t;


static inline unsigned int cpumask_size(void) { return sizeof(struct cpumask); }
#define zalloc_cpumask_var(mask, flags) ((*(mask) = env_kmalloc(ENV_PACKAGE_MASK, cpumask_size(), 1)) != NULL)
#define alloc_cpumask_var(mask, flags) ((*(mask) = env_kmalloc(ENV_PACKAGE_MASK, cpumask_size(), 0)) != NULL)
#define free_cpumask_var(mask) env_kfree(mask)
static inline bool cpumask_test_and_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	unsigned long bit = 1UL << (cpu % BITS_PER_LONG);
	bool was = mask->bits[cpu / BITS_PER_LONG] & bit;

	mask->bits[cpu / BITS_PER_LONG] |= bit;
	return was;
}

#define for_each_online_cpu(cpu) for ((cpu) = 0; (cpu) < env_machine.cpus; (cpu)++)
#define for_each_possible_cpu for_each_online_cpu
#define for_each_present_cpu for_each_online_cpu
#define num_online_cpus() env_machine.cpus
static inline int topology_physical_package_id(int cpu) { return cpu / env_machine.cpus_per_package; }

static inline int smp_call_on_cpu(unsigned int cpu, int (*function)(void *), void *argument, bool physical)
{
	int was = env_cpu, result;

	env_cpu = cpu;
	result = function(argument);
	env_cpu = was;
	return result;
}

#define on_each_cpu(function, argument, wait) \
	do { for (int cpu = 0; cpu < env_machine.cpus; cpu++) smp_call_on_cpu(cpu, (int (*)(void *))(function), argument, true); } while (0)

/* Virtualization is on where there is one; a reference of it costs nothing. */
static inline int x86_virt_get_ref(int feature) { return env_machine.missing & ENV_NO_VMX ? -EOPNOTSUPP : 0; }
static inline void x86_virt_put_ref(int feature) { }

static inline void cpus_read_lock(void) { }
static inline void cpus_read_unlock(void) { }
static inline void wbinvd_on_all_cpus(void) { env_flush(); }
static inline void wbinvd(void) { }
static inline void clflush_cache_range(void *at, unsigned int bytes) { }
#define cond_resched() do { } while (0)
#define preempt_disable() do { } while (0)
#define preempt_enable() do { } while (0)
#define local_irq_save(flags) do { (flags) = 0; } while (0)
#define local_irq_restore(flags) do { (void)(flags); } while (0)
#define cpu_relax() do { } while (0)

/* All registers are 0 but the KeyID partitioning, and what says that a P-SEAMLDR call keeps the current VMCS. */
static inline u64 env_msr(u32 msr)
{
	switch (msr) {
	case MSR_IA32_MKTME_KEYID_PARTITIONING:
		return (u64)env_machine.tdx_keyids << 32 | env_machine.mktme_keyids;
	case MSR_IA32_VMX_BASIC:
		return env_machine.seamret_invalidates_vmcs ? 0 : 1ULL << 60;
	default:
		return 0;
	}
}

#define rdmsrq(msr, value) ((value) = env_msr(msr))
#define rdmsrq_safe(msr, value) (*(value) = env_msr(msr), 0)
#define rdmsr_safe(msr, low, high) (*(low) = env_msr(msr), *(high) = env_msr(msr) >> 32, 0)

/* A whole area is one event: the loop asks 64 bytes at a time, and a fence ends it. */
static unsigned long env_reset_start, env_reset_next;

static inline void env_reset_end(void)
{
	if (env_reset_next)
		env_reset(env_reset_start, env_reset_next - env_reset_start);
	env_reset_next = 0;
}

static inline void movdir64b(void *to, const void *from)
{
	unsigned long at = (unsigned long)to;

	if (unlikely(at != env_reset_next)) {
		env_reset_end();
		env_reset_start = at;
	}
	env_reset_next = at + 64;
}
#undef mb
#define mb() env_reset_end()
