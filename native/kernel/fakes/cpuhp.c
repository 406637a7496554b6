// SPDX-License-Identifier: GPL-2.0-only
/* Fakes of kernel/cpu.c, for trees whose initcall asks for a CPU hotplug state. */
#include <harness/cpu.h>
#include <linux/syscore_ops.h>

#ifdef ENV_HAS_ENABLE_INITCALL
/* Every online CPU is called, in order, until one refuses. */
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*online)(unsigned int cpu), int (*offline)(unsigned int cpu),
			bool multi_instance)
{
	int error = 0;

	for (env_cpu = 0; env_cpu < env_machine.cpus && !error; env_cpu++)
		error = online(env_cpu);
	env_cpu = 0;
	return error ? error : state;
}

/* No CPU goes offline, and nothing suspends. */
void __cpuhp_remove_state(enum cpuhp_state state, bool invoke) { }
void register_syscore(struct syscore *syscore) { }
#endif
