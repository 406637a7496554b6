/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: a lock is recorded by its kind; who waits is decided outside. Every mutex counts as
 * tdx_module_lock and every spinlock as sysinit_lock. Interrupts stay as they are.
 */
#pragma once

struct mutex {
	int taken;
};

typedef struct {
	int taken;
} spinlock_t;

typedef struct {
	int taken;
} raw_spinlock_t;

static inline void mutex_lock(struct mutex *lock)
{
	lock->taken = 1;
	env_lock(ENV_TDX_MODULE);
}

static inline void mutex_unlock(struct mutex *lock)
{
	lock->taken = 0;
	env_unlock(ENV_TDX_MODULE);
}

static inline void raw_spin_lock(raw_spinlock_t *lock)
{
	lock->taken = 1;
	env_lock(ENV_SYSINIT);
}

static inline void raw_spin_unlock(raw_spinlock_t *lock)
{
	lock->taken = 0;
	env_unlock(ENV_SYSINIT);
}

static inline void spin_lock(spinlock_t *lock)
{
	lock->taken = 1;
	env_lock(ENV_SYSINIT);
}

static inline void spin_unlock(spinlock_t *lock)
{
	lock->taken = 0;
	env_unlock(ENV_SYSINIT);
}

#define raw_spin_lock_irqsave(lock, flags) \
	do { (void)(flags); raw_spin_lock(lock); } while (0)
#define raw_spin_unlock_irqrestore(lock, flags) \
	do { (void)(flags); raw_spin_unlock(lock); } while (0)
#define spin_lock_irqsave(lock, flags) \
	do { (void)(flags); spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do { (void)(flags); spin_unlock(lock); } while (0)
