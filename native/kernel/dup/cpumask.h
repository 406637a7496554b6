/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Duplicates of linux/cpumask.h: one mask with a bit for every possible CPU, allocated as
 * OFFSTACK does.
 */
#pragma once

#define X86_VENDOR_INTEL 0	/* asm/processor.h */

struct cpumask {
	unsigned long bits[CONFIG_NR_CPUS / BITS_PER_LONG];
};

typedef struct cpumask *cpumask_var_t;

static inline unsigned int cpumask_size(void)
{
	return sizeof(struct cpumask);
}

static inline bool cpumask_test_and_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	unsigned long bit = 1UL << (cpu % BITS_PER_LONG);
	bool was = mask->bits[cpu / BITS_PER_LONG] & bit;

	mask->bits[cpu / BITS_PER_LONG] |= bit;
	return was;
}
