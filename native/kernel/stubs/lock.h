/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: lockdep is off. What a lock guards is protected by env/guard.c instead. */
#pragma once

#include <linux/lockdep_types.h>

#define lockdep_init_map(map, ...) do { } while (0)
#define lockdep_init_map_wait(map, ...) do { } while (0)
#define lockdep_set_class(lock, key) ((void)(lock))
#define seqcount_acquire(map, ...) do { } while (0)
#define seqcount_acquire_read(map, ...) do { } while (0)
#define seqcount_release(map, ...) do { } while (0)
#define lockdep_is_held(lock) ((void)(lock), 1)
#define lockdep_assert_irqs_disabled() do { } while (0)
#define lockdep_assert_irqs_enabled() do { } while (0)
#define lockdep_assert_cpus_held() do { } while (0)
#define lockdep_assert_held(lock) ((void)(lock))
#define lockdep_assert_once(condition) ((void)(condition))
#define lockdep_assert(condition) ((void)(condition))
