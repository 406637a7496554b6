/* SPDX-License-Identifier: GPL-2.0-only */
/* Fakes: see stop_machine.c. */
#pragma once
#include <harness/cpu.h>

typedef int (*cpu_stop_fn_t)(void *argument);

int stop_machine_cpuslocked(cpu_stop_fn_t function, void *data, const struct cpumask *cpus);

static inline int stop_machine(cpu_stop_fn_t function, void *data, const struct cpumask *cpus)
{
	cpus_read_lock();
	cpus_read_unlock();
	return stop_machine_cpuslocked(function, data, cpus);
}
