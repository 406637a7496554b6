/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: a lock is recorded by its kind; who waits is decided outside. Every mutex counts as
 * tdx_module_lock and every spinlock as sysinit_lock, unless a file says otherwise. Interrupts
 * and preemption are counted, so that nothing sleeps while they are off.
 */
#pragma once

struct mutex {
	const void *owner;
};

typedef struct spinlock {
	const void *owner;
} spinlock_t;

typedef struct raw_spinlock {
	const void *owner;
	int kind;		/* 0: sysinit_lock */
} raw_spinlock_t;

/* What a file's raw spinlocks are: those that it defines, and those that it sets up itself. */
#ifndef ENV_STATIC_LOCK
#define ENV_STATIC_LOCK 0
#define ENV_OTHER_LOCK 0
#endif

#define preempt_disable() env_atomic_begin(0)
#define preempt_enable() env_atomic_end(0)
#define local_bh_disable() env_atomic_begin(0)
#define local_bh_enable() env_atomic_end(0)
#define local_irq_disable() env_atomic_begin(1)
#define local_irq_enable() env_atomic_end(1)
#define local_irq_save(flags) ((flags) = 0, env_atomic_begin(1))
#define local_irq_restore(flags) ((void)(flags), env_atomic_end(1))
#define irqs_disabled() env_irqs_disabled()
#define in_atomic() env_in_atomic()
#define preemptible() (!env_in_atomic())

#define lockdep_assert_preemption_disabled() env_must_be_atomic()
#define might_sleep() env_may_sleep()
#define cond_resched() env_may_sleep()
#define schedule() env_may_sleep()
#define yield() env_may_sleep()
#define msleep(ms) env_may_sleep()
#define ssleep(seconds) env_may_sleep()
#define fsleep(us) env_may_sleep()
#define usleep_range(from, to) env_may_sleep()

/* The caller of tdx_enable() has it: who takes it again waits for nobody. */
static __always_inline void cpus_read_lock(void)
{
	env_may_sleep();
#ifdef ENV_RECORDS_CPUS_LOCK
	env_lock(ENV_CPUS_READ);
#endif
}

static __always_inline int cpus_read_trylock(void)
{
	return 1;
}

static __always_inline void cpus_read_unlock(void)
{
#ifdef ENV_RECORDS_CPUS_LOCK
	env_unlock(ENV_CPUS_READ);
#endif
}

static __always_inline void mutex_lock(struct mutex *lock)
{
	env_may_sleep();
	env_lock_owned(ENV_TDX_MODULE, &lock->owner);
}

static __always_inline bool mutex_is_locked(struct mutex *lock)
{
	return lock->owner;
}

/* Nobody else has it where one step follows another. */
static __always_inline int mutex_trylock(struct mutex *lock)
{
	if (mutex_is_locked(lock))
		return 0;
	env_lock_owned(ENV_TDX_MODULE, &lock->owner);
	return 1;
}

static __always_inline int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

#define mutex_lock_killable mutex_lock_interruptible
#define mutex_lock_nested(lock, class) mutex_lock(lock)

static __always_inline void mutex_unlock(struct mutex *lock)
{
	env_unlock_owned(ENV_TDX_MODULE, &lock->owner);
}

static __always_inline void raw_spin_lock(raw_spinlock_t *lock)
{
	env_lock_owned(lock->kind ? lock->kind : ENV_SYSINIT, &lock->owner);
	env_atomic_begin(0);
}

static __always_inline void raw_spin_unlock(raw_spinlock_t *lock)
{
	if (env_unlock_owned(lock->kind ? lock->kind : ENV_SYSINIT, &lock->owner))
		env_atomic_end(0);
}

static __always_inline int raw_spin_trylock(raw_spinlock_t *lock)
{
	if (lock->owner)
		return 0;
	raw_spin_lock(lock);
	return 1;
}

static __always_inline void spin_lock(spinlock_t *lock)
{
	env_lock_owned(ENV_SYSINIT, &lock->owner);
	env_atomic_begin(0);
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	if (env_unlock_owned(ENV_SYSINIT, &lock->owner))
		env_atomic_end(0);
}

static __always_inline int spin_trylock(spinlock_t *lock)
{
	if (lock->owner)
		return 0;
	spin_lock(lock);
	return 1;
}

#define raw_spin_lock_irqsave(lock, flags) \
	do { local_irq_save(flags); raw_spin_lock(lock); } while (0)
#define raw_spin_unlock_irqrestore(lock, flags) \
	do { raw_spin_unlock(lock); local_irq_restore(flags); } while (0)
#define raw_spin_lock_irq(lock) do { local_irq_disable(); raw_spin_lock(lock); } while (0)
#define raw_spin_unlock_irq(lock) do { raw_spin_unlock(lock); local_irq_enable(); } while (0)
#define spin_lock_irqsave(lock, flags) \
	do { local_irq_save(flags); spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do { spin_unlock(lock); local_irq_restore(flags); } while (0)
#define spin_lock_irq(lock) do { local_irq_disable(); spin_lock(lock); } while (0)
#define spin_unlock_irq(lock) do { spin_unlock(lock); local_irq_enable(); } while (0)
#define spin_lock_bh(lock) do { local_bh_disable(); spin_lock(lock); } while (0)
#define spin_unlock_bh(lock) do { spin_unlock(lock); local_bh_enable(); } while (0)

/* Readers and writers that nobody else is: not recorded, but nothing sleeps under a rwlock. */
typedef struct {
	int unused;
} rwlock_t;

#define read_lock(lock) ((void)(lock), env_atomic_begin(0))
#define read_unlock(lock) ((void)(lock), env_atomic_end(0))
#define write_lock read_lock
#define write_unlock read_unlock

struct rw_semaphore {
	int unused;
};

#define down_read(lock) ((void)(lock), env_may_sleep())
#define up_read(lock) ((void)(lock))
#define down_write down_read
#define up_write up_read
#define down_read_trylock(lock) ((void)(lock), 1)
#define down_write_trylock down_read_trylock

/* A reader may not sleep; a grace period is over at once. */
#define rcu_read_lock() env_atomic_begin(0)
#define rcu_read_unlock() env_atomic_end(0)
#define synchronize_rcu() env_may_sleep()
#define synchronize_rcu_expedited() env_may_sleep()
#define rcu_barrier() env_may_sleep()
