// SPDX-License-Identifier: GPL-2.0-only
/* Fakes of kernel/stop_machine.c: the CPUs of a mask run at once, the others wait. */
#include <harness/cpu.h>
#include <linux/stop_machine.h>

struct env_stop {
	cpu_stop_fn_t function;
	void *data;
	int error;
};

static void env_stop(void *argument)
{
	struct env_stop *stop = argument;
	int error = stop->function(stop->data);

	if (error)
		stop->error = error;
}

int stop_machine_cpuslocked(cpu_stop_fn_t function, void *data, const struct cpumask *cpus)
{
	struct env_stop stop = { function, data, 0 };
	static int running[ENV_CPUS];
	int cpu, count = 0;

	env_may_sleep();
	for_each_online_cpu(cpu)
		if (cpus ? cpumask_test_cpu(cpu, cpus) : count == 0)
			running[count++] = cpu;
	env_run_together(running, count, env_stop, &stop);
	return stop.error;
}
