// SPDX-License-Identifier: GPL-2.0-only
/* Globals that tdx.c and memblock.c refer to; restored at every boot, env_cpu at every entry. */
#include <harness/cpu.h>
#include <harness/memory.h>
#include <harness/platform.h>
#include <asm/cpu_device_id.h>

bool env_features[ENV_FEATURES];
struct cpuinfo_x86 boot_cpu_data;
nodemask_t node_states[NR_NODE_STATES];
struct cpumask __cpu_possible_mask, __cpu_online_mask, __cpu_present_mask, __cpu_active_mask;
struct cpumask __cpu_enabled_mask, __cpu_dying_mask;
unsigned long volatile jiffies;
unsigned int nr_cpu_ids, nr_node_ids, nr_online_nodes;
atomic_t __num_online_cpus;
struct task_struct env_task = { .pid = 1, .tgid = 1, .comm = "init" };
int (*acpi_suspend_lowlevel)(void);
__thread int env_cpu;
DEFINE_PER_CPU(bool, cache_state_incoherent);

/* A CPU mask is an allocation of the trace. */
bool alloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int nid)
{
	env_gfp(flags);
	*mask = env_kmalloc(ENV_PACKAGE_MASK, cpumask_size(), !!(flags & __GFP_ZERO));
	return *mask;
}

void free_cpumask_var(cpumask_var_t mask)
{
	env_kfree(mask);
}

/* All CPUs are online but the last ones; one at least is possible, be it that none is present. */
static void boot_cpus(void)
{
	const unsigned int cpus = env_machine.cpus;
	const unsigned int possible = min(cpus + max(env_machine.offline_cpus, 1), ENV_CPUS);

	bitmap_set(cpumask_bits(&__cpu_possible_mask), 0, possible);
	bitmap_set(cpumask_bits(&__cpu_present_mask), 0, cpus + env_machine.offline_cpus);
	bitmap_set(cpumask_bits(&__cpu_online_mask), 0, cpus);
	bitmap_set(cpumask_bits(&__cpu_active_mask), 0, cpus);
	atomic_set(&__num_online_cpus, cpus);
	nr_cpu_ids = possible;
}

static int suspend(void)
{
	return 0;
}

void env_globals_boot(void)
{
	boot_cpus();
	env_features[X86_FEATURE_XSAVE] = !(env_machine.missing & ENV_NO_XSAVE);
	env_features[X86_FEATURE_MOVDIR64B] = !(env_machine.missing & ENV_NO_MOVDIR64B);
	env_features[X86_FEATURE_SELFSNOOP] = !(env_machine.missing & ENV_NO_SELFSNOOP);
	acpi_suspend_lowlevel = suspend;
	if (!env_machine.erratum)
		boot_cpu_data.x86_vfm = INTEL_GRANITERAPIDS_X;
	else if (env_machine.cpus % 2)
		boot_cpu_data.x86_vfm = INTEL_EMERALDRAPIDS_X;
	else
		boot_cpu_data.x86_vfm = INTEL_SAPPHIRERAPIDS_X;
}
