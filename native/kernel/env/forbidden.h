/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that kernel code must not access, told to AddressSanitizer where it is there. */
#pragma once

#ifdef ENV_SANITIZED
void __asan_poison_memory_region(const void *at, unsigned long bytes);
void __asan_unpoison_memory_region(const void *at, unsigned long bytes);
#define env_forbid(at, bytes) __asan_poison_memory_region(at, bytes)
#define env_allow(at, bytes) __asan_unpoison_memory_region(at, bytes)
#else
static inline void env_forbid(const void *at, unsigned long bytes) { }
static inline void env_allow(const void *at, unsigned long bytes) { }
#endif
