// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fakes of drivers/base/memory.c and mm/memory_hotplug.c: a chain of one notifier, and the lock
 * around it.
 */
#include <harness/memory.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <env/boot.h>

static struct notifier_block *env_notifier;

int register_memory_notifier(struct notifier_block *nb)
{
	if (!env_machine.notifier_errno)
		env_notifier = nb;
	return env_machine.notifier_errno;
}

void get_online_mems(void)
{
	env_may_sleep();
	env_lock(ENV_MEM_HOTPLUG_READ);
}

void put_online_mems(void)
{
	env_unlock(ENV_MEM_HOTPLUG_READ);
}

/* What the verdict means to who brings memory online, and what the chain sends after it. */
int env_tdx_notify(unsigned long start_pfn, unsigned long pages)
{
	struct memory_notify range = { .start_pfn = start_pfn, .nr_pages = pages };
	int error;

	if (!env_notifier)
		return 0;
	error = notifier_to_errno(env_notifier->notifier_call(env_notifier, MEM_GOING_ONLINE,
							      &range));
	env_notifier->notifier_call(env_notifier, error ? MEM_CANCEL_ONLINE : MEM_ONLINE, &range);
	return error;
}

/*
 * One notification, numbered as the tree's header does. Two that are not in every tree never
 * reach a notifier that knows none of them.
 */
int env_tdx_notify_action(int action, unsigned long start_pfn, unsigned long pages)
{
	static const unsigned long actions[] = {
		MEM_ONLINE,
		MEM_GOING_OFFLINE,
		MEM_OFFLINE,
		MEM_GOING_ONLINE,
		MEM_CANCEL_ONLINE,
		MEM_CANCEL_OFFLINE,
	};
	struct memory_notify range = { .start_pfn = start_pfn, .nr_pages = pages };

	if (!env_notifier || action >= ARRAY_SIZE(actions))
		return NOTIFY_OK;
	return env_notifier->notifier_call(env_notifier, actions[action], &range);
}
