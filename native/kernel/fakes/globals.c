// SPDX-License-Identifier: GPL-2.0-only
/* Globals that tdx.c and memblock.c refer to; restored at every boot, env_cpu at every entry. */
#include <harness/cpu.h>
#include <harness/memory.h>
#include <harness/platform.h>
#include <asm/cpu_device_id.h>

bool env_features[ENV_FEATURES];
struct cpuinfo_x86 boot_cpu_data;
#ifdef node_online_map
nodemask_t node_states[NR_NODE_STATES];
#else
nodemask_t node_online_map;
#endif
int (*acpi_suspend_lowlevel)(void);
__thread int env_cpu;
DEFINE_PER_CPU(bool, cache_state_incoherent);
DEFINE_PER_CPU(int, env_virt_users);

static int suspend(void)
{
	return 0;
}

void env_globals_boot(void)
{
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
