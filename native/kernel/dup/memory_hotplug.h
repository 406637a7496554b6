/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of linux/memory_hotplug.h: what is declared there and used here. */
#pragma once
#include <linux/notifier.h>

enum mmop { MMOP_OFFLINE };
struct zone;
struct pglist_data;

static inline void get_online_mems(void)
{
	env_may_sleep();
	env_lock_owned(ENV_MEM_HOTPLUG_READ, &env_mem_hotplug_reader);
}

static inline void put_online_mems(void)
{
	env_unlock_owned(ENV_MEM_HOTPLUG_READ, &env_mem_hotplug_reader);
}
