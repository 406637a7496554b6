/* SPDX-License-Identifier: GPL-2.0-only */
/* Fakes: a per-CPU variable is an array, and env_cpu the CPU that runs. */
#pragma once

#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name[ENV_CPUS]
#define DEFINE_PER_CPU(type, name) __typeof__(type) name[ENV_CPUS]
#define DEFINE_PER_CPU_CACHE_HOT(type, name) DEFINE_PER_CPU(type, name)
#define per_cpu(name, cpu) ((name)[cpu])
#define per_cpu_ptr(pointer, cpu) (&(*(pointer))[cpu])
#define this_cpu_ptr(pointer) per_cpu_ptr(pointer, env_cpu)
#define this_cpu_read(name) ((name)[env_cpu])
#define this_cpu_write(name, value) ((name)[env_cpu] = (value))
#define __this_cpu_read this_cpu_read
#define __this_cpu_write this_cpu_write
#define raw_cpu_read this_cpu_read
#define raw_cpu_write this_cpu_write
#define this_cpu_inc(name) ((name)[env_cpu]++)
#define this_cpu_dec(name) ((name)[env_cpu]--)
#define this_cpu_add(name, value) ((name)[env_cpu] += (value))
#define __this_cpu_inc this_cpu_inc
#define __this_cpu_dec this_cpu_dec
#define get_cpu_var(name) (*({ env_atomic_begin(0); &(name)[env_cpu]; }))
#define put_cpu_var(name) env_atomic_end(0)

DECLARE_PER_CPU(bool, cache_state_incoherent);
