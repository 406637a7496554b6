/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Duplicates of linux/mutex.h, linux/spinlock.h, linux/rwsem.h and linux/rcupdate.h: initializers,
 * accessors and guards.
 */
#pragma once

#define __MUTEX_INITIALIZER(name) { 0 }
#define DEFINE_MUTEX(name) struct mutex name = { 0 }
#define DEFINE_SPINLOCK(name) spinlock_t name = { 0 }
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name = { 0, ENV_STATIC_LOCK }
#define DEFINE_RWLOCK(name) rwlock_t name = { 0 }
#define DECLARE_RWSEM(name) struct rw_semaphore name = { 0 }
#define __SPIN_LOCK_UNLOCKED(name) { 0 }
#define __RAW_SPIN_LOCK_UNLOCKED(name) { 0 }
#define mutex_init(lock) ((void)(*(lock) = (struct mutex){ 0 }))
#define mutex_destroy(lock) ((void)(lock))
#define spin_lock_init(lock) ((void)(*(lock) = (spinlock_t){ 0 }))
#define raw_spin_lock_init(lock) ((void)(*(lock) = (raw_spinlock_t){ 0, ENV_OTHER_LOCK }))
#define rwlock_init(lock) ((void)(*(lock) = (rwlock_t){ 0 }))
#define init_rwsem(lock) ((void)(*(lock) = (struct rw_semaphore){ 0 }))
#define spin_is_locked(lock) (!!(lock)->owner)
#define raw_spin_is_locked(lock) (!!(lock)->owner)

#define rcu_dereference(pointer) READ_ONCE(pointer)
#define rcu_dereference_raw(pointer) READ_ONCE(pointer)
#define rcu_dereference_check(pointer, condition) READ_ONCE(pointer)
#define rcu_dereference_protected(pointer, condition) (pointer)
#define rcu_access_pointer(pointer) READ_ONCE(pointer)
#define rcu_assign_pointer(pointer, value) WRITE_ONCE(pointer, value)
#define RCU_INIT_POINTER(pointer, value) WRITE_ONCE(pointer, value)
#define rcu_replace_pointer(pointer, value, condition) ({	\
	typeof(pointer) env_was = (pointer);			\
								\
	WRITE_ONCE(pointer, value);				\
	env_was;						\
})
#define RCU_INITIALIZER(value) (value)
#define RCU_LOCKDEP_WARN(condition, text) ((void)(condition))
#define rcu_read_lock_held() 1
#define rcu_read_lock_any_held() 1
#define rcu_is_watching() true
#define call_rcu(head, function) (function)(head)
#define kfree_rcu(object, ...) kfree(object)
#define kvfree_rcu(object, ...) kvfree(object)
#define rcu_head_init(head) ((void)(head))
#define init_rcu_head(head) ((void)(head))
#define rcu_sleep_check() do { } while (0)
#define rcu_check_sparse(pointer, space) ((void)0)
#define __rcu_dereference_check(pointer, local, condition, space) READ_ONCE(pointer)

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD(raw_spinlock, raw_spinlock_t *, raw_spin_lock(_T), raw_spin_unlock(_T))
DEFINE_GUARD(raw_spinlock_irq, raw_spinlock_t *, raw_spin_lock_irq(_T), raw_spin_unlock_irq(_T))
DEFINE_GUARD(spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))
DEFINE_GUARD(spinlock_irq, spinlock_t *, spin_lock_irq(_T), spin_unlock_irq(_T))
DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, raw_spinlock_t,
		    raw_spin_lock_irqsave(_T->lock, _T->flags),
		    raw_spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
		    spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags), local_irq_restore(_T->flags),
		    unsigned long flags)
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())
DEFINE_LOCK_GUARD_0(cpus_read_lock, cpus_read_lock(), cpus_read_unlock())
