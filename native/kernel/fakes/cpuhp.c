// SPDX-License-Identifier: GPL-2.0-only
/* Fakes of kernel/cpu.c, for trees whose initcall asks for a CPU hotplug state. */
#include <harness/cpu.h>
#include <linux/syscore_ops.h>

#ifdef ENV_HAS_ENABLE_INITCALL
static int (*env_online)(unsigned int cpu), (*env_offline)(unsigned int cpu);

/* CPUs below a number go offline, and none is called from then on. */
static void env_take_down(int cpus)
{
	for (env_cpu = 0; env_cpu < cpus; env_cpu++)
		env_offline(env_cpu);
	env_cpu = 0;
	env_offline = NULL;
}

/* Every online CPU is called, in order, until one refuses: then those before it go down again. */
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*online)(unsigned int cpu), int (*offline)(unsigned int cpu),
			bool multi_instance)
{
	int error = 0;

	env_online = online;
	env_offline = offline;
	for (env_cpu = 0; env_cpu < env_machine.cpus; env_cpu++) {
		error = online(env_cpu);
		if (error) {
			env_take_down(env_cpu);
			break;
		}
	}
	env_cpu = 0;
	return error ? error : state;
}

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	env_take_down(env_machine.cpus);
}

/* Where the last CPU is not the only one, it goes offline and comes back. */
void env_cpu_returns(void)
{
	int last = env_machine.cpus - 1;

	if (!env_offline || last == 0)
		return;
	env_cpu = last;
	if (!env_offline(last))
		env_online(last);
	env_cpu = 0;
}

/* Nothing suspends. */
void register_syscore(struct syscore *syscore) { }
#endif
