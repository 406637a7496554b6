/* SPDX-License-Identifier: GPL-2.0-only */
/* ACPI, suspend and machine checks. */
#pragma once
#include <env/kernel.h>
#include <uapi/asm/mce.h>

extern int (*acpi_suspend_lowlevel)(void);

static inline bool hibernation_available(void) { return env_machine.hibernation; }
static inline bool mce_is_memory_error(struct mce *m) { return true; }
static inline bool mce_usable_address(struct mce *m) { return true; }
