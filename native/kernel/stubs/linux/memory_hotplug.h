/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
#include <linux/notifier.h>

enum mmop { MMOP_OFFLINE };
struct zone;
struct pglist_data;
void get_online_mems(void);
void put_online_mems(void);
