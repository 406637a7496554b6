/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration that the sources are compiled with, and what the kernel's build includes in
 * front of every file.
 */
#pragma once

#define __KERNEL__ 1
#define KBUILD_MODNAME "tdx"
#define KBUILD_BASENAME "tdx"

#define CONFIG_64BIT 1
#define CONFIG_X86 1
#define CONFIG_X86_64 1
#define CONFIG_SMP 1
#define CONFIG_NUMA 1
#define CONFIG_NODES_SHIFT 10
#define CONFIG_NR_CPUS 8192
#define CONFIG_CPUMASK_OFFSTACK 1
#define CONFIG_PAGE_SHIFT 12
#define CONFIG_PGTABLE_LEVELS 5
#define CONFIG_X86_5LEVEL 1
#define CONFIG_PHYSICAL_START 0x1000000
#define CONFIG_PHYSICAL_ALIGN 0x200000
#define CONFIG_X86_L1_CACHE_SHIFT 6
#define CONFIG_X86_INTERNODE_CACHE_SHIFT 6
#define CONFIG_PHYS_ADDR_T_64BIT 1
#define CONFIG_ILLEGAL_POINTER_VALUE 0xdead000000000000
#define CONFIG_HZ 1000
#define CONFIG_BUG 1
#define CONFIG_PRINTK 1
#define CONFIG_ACPI 1
#define CONFIG_SUSPEND 1
#define CONFIG_HIBERNATION 1
#define CONFIG_MEMORY_HOTPLUG 1
#define CONFIG_MEMORY_HOTREMOVE 1
#define CONFIG_ARCH_KEEP_MEMBLOCK 1
#define CONFIG_HAVE_MEMBLOCK_PHYS_MAP_OFF 1
#define CONFIG_CONTIG_ALLOC 1
#define CONFIG_INTEL_TDX_HOST 1
#define CONFIG_X86_MCE 1
#define CONFIG_CC_HAS_ASM_INLINE 1
#define CONFIG_CC_HAS_ASM_GOTO_OUTPUT 1

#include <linux/kconfig.h>
#include <linux/compiler_types.h>

/* A static of its own section per variable, so that all of them can be gathered and put back. */
#undef __section
#define __section(s)

/* Nothing is entered before the kernel is: every function may be counted and inlined. */
#undef noinstr
#define noinstr
