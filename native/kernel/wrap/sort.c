// SPDX-License-Identifier: GPL-2.0-only
/* lib/sort.c as it is: the order of its comparisons matters when areas overlap. */
#include <linux/sched.h>
#undef swap
#include KSRC_FILE(lib/sort.c)
