/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: the processors of the machine under test. They are numbered from 0, packages one after
 * another, all of them online and one of them running at a time.
 */
#pragma once

/* Only the fields that are asked for. */
struct cpuinfo_x86 {
	u32 x86_vfm;
	u8 x86, x86_vendor, x86_model, x86_stepping;
	u8 x86_phys_bits, x86_virt_bits;
};

extern struct cpuinfo_x86 boot_cpu_data;

/* Trees that have no such bug never ask for this bit. */
#ifndef X86_BUG_SEAMRET_INVD_VMCS
#define X86_BUG_SEAMRET_INVD_VMCS X86_BUG(32 * NBUGINTS - 1)
#endif

#define ENV_FEATURES (32 * (NCAPINTS + NBUGINTS))
extern bool env_features[ENV_FEATURES];

#define boot_cpu_has(feature) (env_features[feature])
#define boot_cpu_has_bug(bug) (env_features[bug])
#define cpu_feature_enabled(feature) boot_cpu_has(feature)
#define static_cpu_has(feature) boot_cpu_has(feature)
#define setup_force_cpu_cap(feature) ((void)(env_features[feature] = true))
#define setup_clear_cpu_cap(feature) ((void)(env_features[feature] = false))
#define setup_force_cpu_bug(bug) ((void)(env_features[bug] = true))

#define for_each_online_cpu(cpu) \
	for ((cpu) = 0; (cpu) < env_machine.cpus; (cpu)++)
#define for_each_possible_cpu for_each_online_cpu
#define for_each_present_cpu for_each_online_cpu
#define num_online_cpus() env_machine.cpus

static inline int topology_physical_package_id(int cpu)
{
	return cpu / env_machine.cpus_per_package;
}

/* A CPU mask is an allocation of the trace. */
#define zalloc_cpumask_var(mask, flags) \
	((*(mask) = env_kmalloc(ENV_PACKAGE_MASK, cpumask_size(), 1)) != NULL)
#define alloc_cpumask_var(mask, flags) \
	((*(mask) = env_kmalloc(ENV_PACKAGE_MASK, cpumask_size(), 0)) != NULL)
#define free_cpumask_var(mask) env_kfree(mask)

/* The other CPU's work is done here, under its number. */
static inline int smp_call_on_cpu(unsigned int cpu, int (*function)(void *), void *argument,
				  bool physical)
{
	int was = env_cpu, result;

	env_cpu = cpu;
	result = function(argument);
	env_cpu = was;
	return result;
}

#define on_each_cpu(function, argument, wait) do {					\
	for (int cpu = 0; cpu < env_machine.cpus; cpu++)				\
		smp_call_on_cpu(cpu, (int (*)(void *))(function), argument, true);	\
} while (0)

static inline void wbinvd_on_all_cpus(void)
{
	env_flush();
}

/* Virtualization is on where the processor has it, and users of it are counted. */
DECLARE_PER_CPU(int, env_virt_users);

static inline int x86_virt_get_ref(int feature)
{
	if (env_machine.missing & ENV_NO_VMX)
		return -EOPNOTSUPP;
	env_virt_users[env_cpu]++;
	return 0;
}

static inline void x86_virt_put_ref(int feature)
{
	env_bug_if(env_virt_users[env_cpu]-- <= 0, "a reference to VMX that was not taken");
}

/* All other registers are 0. */
static inline u64 env_msr(u32 msr)
{
	switch (msr) {
	case MSR_IA32_MKTME_KEYID_PARTITIONING:
		return (u64)env_machine.tdx_keyids << 32 | env_machine.mktme_keyids;
	case MSR_IA32_VMX_BASIC:
		/* Bit 60: a P-SEAMLDR call keeps the current VMCS. */
		return env_machine.seamret_invalidates_vmcs ? 0 : 1ULL << 60;
	default:
		return 0;
	}
}

#define rdmsrq(msr, value) ((value) = env_msr(msr))
#define rdmsrq_safe(msr, value) (*(value) = env_msr(msr), 0)
#define rdmsr_safe(msr, low, high) (*(low) = env_msr(msr), *(high) = env_msr(msr) >> 32, 0)
