/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of linux/kvm_types.h. */
#pragma once
#include <linux/types.h>

typedef u64 kvm_pfn_t;
