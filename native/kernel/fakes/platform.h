/* SPDX-License-Identifier: GPL-2.0-only */
/* Fakes: whether S3 and hibernation are there is the machine's. */
#pragma once

extern int (*acpi_suspend_lowlevel)(void);

static inline bool hibernation_available(void)
{
	return env_machine.hibernation;
}
