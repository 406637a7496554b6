/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of asm/processor.h; linux/cpumask.h is the tree's own. */
#pragma once
#include_next <linux/cpumask.h>

#define X86_VENDOR_INTEL 0
