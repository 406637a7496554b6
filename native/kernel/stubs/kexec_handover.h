/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: no earlier kernel handed memory over. */
#pragma once
#include <linux/types.h>

static inline bool kho_is_enabled(void) { return false; }
static inline bool is_kho_boot(void) { return false; }
static inline bool kho_scratch_overlap(phys_addr_t start, size_t bytes) { return false; }
