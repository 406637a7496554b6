// SPDX-License-Identifier: GPL-2.0-only
/* An area that MOVDIR64B converted back; fakes/movdir64b.h puts it together. */
#include "drive.h"

void env_reset(unsigned long start, unsigned long bytes)
{
	OUTSIDE(env.reset(start, bytes));
}
