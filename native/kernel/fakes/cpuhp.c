// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fakes of kernel/cpu.c and drivers/base/syscore.c, for trees whose initcall asks for a CPU
 * hotplug state.
 */
#include <harness/cpu.h>
#include <linux/syscore_ops.h>
#include <env/boot.h>

#ifdef ENV_HAS_ENABLE_INITCALL
static int (*env_online)(unsigned int cpu), (*env_offline)(unsigned int cpu);
static struct syscore *env_syscore;

/* Both run in the thread that belongs to the CPU. */
static int env_call(int (*callback)(unsigned int cpu), int cpu)
{
	int was = env_cpu, error;

	if (!callback)
		return 0;
	env_cpu = cpu;
	error = callback(cpu);
	env_cpu = was;
	return error;
}

static void env_set_online(int cpu, bool online)
{
	if (online)
		cpumask_set_cpu(cpu, &__cpu_online_mask);
	else
		cpumask_clear_cpu(cpu, &__cpu_online_mask);
	atomic_set(&__num_online_cpus, cpumask_weight(&__cpu_online_mask));
}

/* Every online CPU is called, in order, until one refuses: then those before it go down again. */
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*online)(unsigned int cpu), int (*offline)(unsigned int cpu),
			bool multi_instance)
{
	int cpu, before, error;

	for_each_online_cpu(cpu) {
		error = invoke ? env_call(online, cpu) : 0;
		if (!error)
			continue;
		for_each_online_cpu(before)
			if (before < cpu)
				env_call(offline, before);
		return error;
	}
	env_online = online;
	env_offline = offline;
	return state;
}

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	int cpu;

	for_each_online_cpu(cpu)
		if (invoke)
			env_call(env_offline, cpu);
	env_online = NULL;
	env_offline = NULL;
}

/* The first CPU has no file to write to. */
static bool env_has_file(int cpu)
{
	return cpu > 0 && cpu < env_machine.cpus + env_machine.offline_cpus;
}

int env_cpu_up(int cpu)
{
	int error;

	if (!env_has_file(cpu))
		return -ENOENT;
	if (cpu_online(cpu))
		return 0;
	env_set_online(cpu, true);
	error = env_call(env_online, cpu);
	if (error)
		env_set_online(cpu, false);
	return error;
}

int env_cpu_down(int cpu)
{
	int error;

	if (!env_has_file(cpu))
		return -ENOENT;
	error = cpu_online(cpu) ? env_call(env_offline, cpu) : 0;
	if (!error)
		env_set_online(cpu, false);
	return error;
}

void register_syscore(struct syscore *syscore)
{
	env_syscore = syscore;
}

/* All but the first leave, the last one first; then that one sleeps, and they come back. */
int env_suspend(void)
{
	static int frozen[ENV_CPUS];
	const int last = env_machine.cpus + env_machine.offline_cpus - 1;
	int cpu, count = 0, error = 0;

	for (cpu = last; cpu > 0 && !error; cpu--) {
		if (!cpu_online(cpu))
			continue;
		error = env_cpu_down(cpu);
		if (!error)
			frozen[count++] = cpu;
	}
	if (!error && env_syscore) {
		env_atomic_begin(1);
		error = env_syscore->ops->suspend(env_syscore->data);
		if (!error)
			env_syscore->ops->resume(env_syscore->data);
		env_atomic_end(1);
	}
	while (count)
		env_cpu_up(frozen[--count]);
	return error;
}

void env_shutdown(void)
{
	if (env_syscore)
		env_syscore->ops->shutdown(env_syscore->data);
}
#else
int env_cpu_up(int cpu) { return -EOPNOTSUPP; }
int env_cpu_down(int cpu) { return -EOPNOTSUPP; }
int env_suspend(void) { return -EOPNOTSUPP; }
void env_shutdown(void) { }
#endif
