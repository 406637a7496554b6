// SPDX-License-Identifier: GPL-2.0-only
/* What kernel code calls of lib/, as it is. Nothing of it is recorded. */
#include <harness/kernel.h>
#include <harness/cpu.h>
#include <harness/memory.h>
#include <linux/bitmap.h>
#include KSRC_FILE(lib/bitmap.c)
#include KSRC_FILE(lib/find_bit.c)
#include KSRC_FILE(lib/list_sort.c)
#include KSRC_FILE(lib/bsearch.c)
#include KSRC_FILE(lib/hweight.c)
