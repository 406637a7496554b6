/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that MOVDIR64B converts back, 64 bytes at a time, put together to areas. */
#include "drive.h"

unsigned long env_reset_next;
static unsigned long first;

void env_reset_end(void)
{
	unsigned long end = env_reset_next;

	if (!end)
		return;
	env_reset_next = 0;
	OUTSIDE(env.reset(first, end - first));
}

void env_reset_other(unsigned long at)
{
	env_reset_end();
	first = at;
	env_reset_next = at + 64;
}
