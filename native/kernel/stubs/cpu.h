/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: one thread runs kernel code, nothing interrupts it, and its caches are always coherent. */
#pragma once
#include <linux/types.h>

#define cond_resched() do { } while (0)
#define cpu_relax() do { } while (0)
#define preempt_disable() do { } while (0)
#define preempt_enable() do { } while (0)
#define local_irq_save(flags) ((flags) = 0)
#define local_irq_restore(flags) ((void)(flags))

static inline void cpus_read_lock(void) { }
static inline void cpus_read_unlock(void) { }
static inline void wbinvd(void) { }
static inline void clflush_cache_range(void *at, unsigned int bytes) { }
