/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of linux/memory_hotplug.h: what is declared there and used here. */
#pragma once
#include <linux/notifier.h>

enum mmop { MMOP_OFFLINE };
struct zone;
struct pglist_data;
void get_online_mems(void);
void put_online_mems(void);
