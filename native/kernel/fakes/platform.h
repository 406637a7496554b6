/* SPDX-License-Identifier: GPL-2.0-only */
/* Fakes: whether S3 and hibernation are there is the machine's; what a machine check is about. */
#pragma once

extern int (*acpi_suspend_lowlevel)(void);

static bool env_mce_is_other, env_mce_has_no_address;

static inline bool mce_is_memory_error(struct mce *m) { return !env_mce_is_other; }
static inline bool mce_usable_address(struct mce *m) { return !env_mce_has_no_address; }

static inline bool hibernation_available(void)
{
	return env_machine.hibernation;
}
