/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that MOVDIR64B converts back, put together to areas by the caller. */
#include "drive.h"

void env_reset(unsigned long start, unsigned long bytes)
{
	OUTSIDE(env.reset(start, bytes));
}
