/* SPDX-License-Identifier: GPL-2.0-only */
/* Fakes: KeyIDs of guests, a few at a time. */
#pragma once
#include <harness/lock.h>
#include <linux/errno.h>
#include <linux/types.h>

#define ENV_IDS 64

struct ida {
	unsigned int ids[ENV_IDS], count;
};

#define DEFINE_IDA(name) struct ida name

static inline bool env_ida_has(const struct ida *ida, unsigned int id)
{
	unsigned int i;

	for (i = 0; i < ida->count; i++)
		if (ida->ids[i] == id)
			return true;
	return false;
}

static inline bool ida_is_empty(const struct ida *ida)
{
	return !ida->count;
}

static inline int ida_alloc_range(struct ida *ida, unsigned int first, unsigned int last,
				  gfp_t flags)
{
	unsigned int id = first;

	env_may_sleep();
	if (ida->count == ENV_IDS)
		return -ENOMEM;
	while (id <= last && env_ida_has(ida, id))
		id++;
	if (id > last)
		return -ENOSPC;
	ida->ids[ida->count++] = id;
	return id;
}

static inline void ida_free(struct ida *ida, unsigned int id)
{
	unsigned int i = 0;

	while (i < ida->count && ida->ids[i] != id)
		i++;
	if (i < ida->count)
		ida->ids[i] = ida->ids[--ida->count];
}
