/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: one thread runs kernel code, nothing interrupts it, and its caches are always coherent. */
#pragma once
#include <linux/types.h>

static inline void clflush_cache_range(void *at, unsigned int bytes) { }
