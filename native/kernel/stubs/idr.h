/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: KeyIDs of guests. There are no guests. */
#pragma once
#include <linux/errno.h>

struct ida {
	int unused;
};

#define DEFINE_IDA(name) struct ida name
#define ida_is_empty(ida) ((void)(ida), true)
#define ida_alloc_range(ida, first, last, flags) ((void)(ida), -ENOSPC)
#define ida_free(ida, id) ((void)(ida))
