// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fakes of drivers/base/memory.c: a chain in which one notifier is not the last.
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

/*
 * Who accepts has no reason to keep the others of the chain from being asked. Who does not stop
 * it is overruled by the last of them, which accepts.
 */
static int call(unsigned long action, struct memory_notify *range)
{
	int verdict = env_notifier->notifier_call(env_notifier, action, range);

	if (verdict > 0 && (verdict & NOTIFY_STOP_MASK) && !notifier_to_errno(verdict))
		env_stopped_chain();
	return verdict & NOTIFY_STOP_MASK ? verdict : NOTIFY_OK;
}

/* What the verdict means to who brings memory online, and what the chain sends after it. */
int env_tdx_notify(unsigned long start_pfn, unsigned long pages)
{
	struct memory_notify range = { .start_pfn = start_pfn, .nr_pages = pages };
	int error;

	if (!env_notifier)
		return 0;
	error = notifier_to_errno(call(MEM_GOING_ONLINE, &range));
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
	return call(actions[action], &range);
}
