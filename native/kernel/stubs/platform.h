/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: every machine check is about memory, and has its address. */
#pragma once

static inline bool mce_is_memory_error(struct mce *m) { return true; }
static inline bool mce_usable_address(struct mce *m) { return true; }
