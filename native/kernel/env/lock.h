/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks: recorded by kind, and what mem_hotplug_lock guards can only be touched under it. */
#pragma once
#include <env/kernel.h>
#include <linux/cleanup.h>

struct mutex { int taken; };
typedef struct { int taken; } spinlock_t;
typedef struct { int taken; } raw_spinlock_t;
struct lockdep_map { int unused; };

#define __MUTEX_INITIALIZER(name) { 0 }
#define DEFINE_MUTEX(name) struct mutex name = { 0 }
#define DEFINE_SPINLOCK(name) spinlock_t name = { 0 }
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name = { 0 }

static inline void mutex_lock(struct mutex *lock) { lock->taken = 1; env_lock(ENV_TDX_MODULE); }
static inline void mutex_unlock(struct mutex *lock) { lock->taken = 0; env_unlock(ENV_TDX_MODULE); }
static inline void raw_spin_lock(raw_spinlock_t *lock) { lock->taken = 1; env_lock(ENV_SYSINIT); }
static inline void raw_spin_unlock(raw_spinlock_t *lock) { lock->taken = 0; env_unlock(ENV_SYSINIT); }
static inline void spin_lock(spinlock_t *lock) { lock->taken = 1; env_lock(ENV_SYSINIT); }
static inline void spin_unlock(spinlock_t *lock) { lock->taken = 0; env_unlock(ENV_SYSINIT); }

#define raw_spin_lock_irqsave(lock, flags) do { (void)(flags); raw_spin_lock(lock); } while (0)
#define raw_spin_unlock_irqrestore(lock, flags) do { (void)(flags); raw_spin_unlock(lock); } while (0)
#define spin_lock_irqsave(lock, flags) do { (void)(flags); spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags) do { (void)(flags); spin_unlock(lock); } while (0)
DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD(raw_spinlock, raw_spinlock_t *, raw_spin_lock(_T), raw_spin_unlock(_T))
DEFINE_GUARD(spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))

#define lockdep_assert_irqs_disabled() do { } while (0)
#define lockdep_assert_irqs_enabled() do { } while (0)
#define lockdep_assert_preemption_disabled() do { } while (0)
#define lockdep_assert_cpus_held() do { } while (0)
#define lockdep_assert_held(lock) do { (void)(lock); } while (0)
#define lockdep_assert_once(condition) do { (void)(condition); } while (0)
#define lockdep_assert(condition) do { (void)(condition); } while (0)
