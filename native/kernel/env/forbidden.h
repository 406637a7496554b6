/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that kernel code must not touch, told to AddressSanitizer where it is there. */
#pragma once

#ifdef ENV_SANITIZED
void __asan_poison_memory_region(const volatile void *at, unsigned long bytes);
void __asan_unpoison_memory_region(const volatile void *at, unsigned long bytes);
#define env_forbid(at, bytes) __asan_poison_memory_region(at, bytes)
#define env_allow(at, bytes) __asan_unpoison_memory_region(at, bytes)
#else
#define env_forbid(at, bytes) ((void)(at))
#define env_allow(at, bytes) ((void)(at))
#endif
