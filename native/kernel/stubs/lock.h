/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: lockdep is off. What a lock guards is protected by env/guard.c instead. */
#pragma once

struct lockdep_map {
	int unused;
};

#define lockdep_assert_irqs_disabled() do { } while (0)
#define lockdep_assert_irqs_enabled() do { } while (0)
#define lockdep_assert_preemption_disabled() do { } while (0)
#define lockdep_assert_cpus_held() do { } while (0)
#define lockdep_assert_held(lock) ((void)(lock))
#define lockdep_assert_once(condition) ((void)(condition))
#define lockdep_assert(condition) ((void)(condition))
