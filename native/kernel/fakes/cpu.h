/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: the processors of the machine under test. They are numbered from 0, packages one after
 * another; those that are offline at boot come last, and one is running at a time.
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

static inline int topology_physical_package_id(int cpu)
{
	return cpu / env_machine.cpus_per_package;
}

/* A package is a die, and a CPU a core. */
#define topology_logical_package_id(cpu) topology_physical_package_id(cpu)
#define topology_die_id(cpu) topology_physical_package_id(cpu)
#define topology_logical_die_id(cpu) topology_physical_package_id(cpu)
#define topology_core_id(cpu) ((cpu) % env_machine.cpus_per_package)
#define topology_max_packages() \
	((env_machine.cpus + env_machine.cpus_per_package - 1) / env_machine.cpus_per_package)
#define topology_core_cpumask(cpu) cpumask_of(cpu)

/* Who runs is nobody in particular. */
struct task_struct {
	int pid, tgid;
	char comm[16];
	unsigned int flags;
};

extern struct task_struct env_task;
#define current (&env_task)
#define smp_processor_id() env_cpu
#define raw_smp_processor_id() env_cpu
#define get_cpu() (env_atomic_begin(0), env_cpu)
#define put_cpu() env_atomic_end(0)

/* Packages are nodes, as far as there are any. */
#define cpu_to_node(cpu) 0
#define cpu_to_mem(cpu) 0
#define numa_node_id() 0
#define numa_mem_id() 0
#define cpumask_of_node(nid) cpu_online_mask

/* The other CPU's work is done here, under its number. */
static inline int smp_call_on_cpu(unsigned int cpu, int (*function)(void *), void *argument,
				  bool physical)
{
	int was = env_cpu, result;

	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENXIO;
	env_may_sleep();
	env_cpu = cpu;
	result = function(argument);
	env_cpu = was;
	return result;
}

typedef void (*smp_call_func_t)(void *info);

/* An IPI: interrupts are off where it arrives. */
static inline void env_interrupt(int cpu, void (*function)(void *), void *argument)
{
	int was = env_cpu;

	env_cpu = cpu;
	env_atomic_begin(1);
	function(argument);
	env_atomic_end(1);
	env_cpu = was;
}

static inline void on_each_cpu_mask(const struct cpumask *mask, void (*function)(void *),
				    void *argument, bool wait)
{
	int cpu;

	env_may_wait_for_cpus();
	for_each_cpu(cpu, mask)
		env_interrupt(cpu, function, argument);
}

static inline void on_each_cpu(void (*function)(void *), void *argument, int wait)
{
	on_each_cpu_mask(cpu_online_mask, function, argument, wait);
}

static inline int smp_call_function_single(int cpu, void (*function)(void *), void *argument,
					   int wait)
{
	if (!cpu_online(cpu))
		return -ENXIO;
	env_may_wait_for_cpus();
	env_interrupt(cpu, function, argument);
	return 0;
}

static inline void smp_call_function_many(const struct cpumask *mask, void (*function)(void *),
					  void *argument, bool wait)
{
	int cpu;

	env_may_wait_for_cpus();
	for_each_cpu(cpu, mask)
		if (cpu != env_cpu)
			env_interrupt(cpu, function, argument);
}

#define smp_call_function(function, argument, wait) \
	smp_call_function_many(cpu_online_mask, function, argument, wait)
#define smp_call_function_any(mask, function, argument, wait) \
	smp_call_function_single(cpumask_first(mask), function, argument, wait)
#define work_on_cpu(cpu, function, argument) \
	smp_call_on_cpu(cpu, (int (*)(void *))(function), argument, true)

static inline void wbinvd_on_all_cpus(void)
{
	env_may_wait_for_cpus();
	env_flush();
}

/* Who switches VMX on and off, and whether that succeeds, is known outside. */
static inline int x86_virt_get_ref(int feature)
{
	return env_vmx_get();
}

static inline void x86_virt_put_ref(int feature)
{
	env_vmx_put();
}

#define cpu_relax() env_cpu_waits()

static inline void wbinvd(void)
{
	env_flush_cpu();
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
