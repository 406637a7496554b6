/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: MOVDIR64B stores nothing. A whole area is one event of the trace: the kernel's loop
 * asks for 64 bytes at a time, and a fence ends the area.
 */
#pragma once

static unsigned long env_reset_start, env_reset_next;

static inline void env_reset_end(void)
{
	if (env_reset_next)
		env_reset(env_reset_start, env_reset_next - env_reset_start);
	env_reset_next = 0;
}

static inline void movdir64b(void *to, const void *from)
{
	unsigned long at = (unsigned long)to;

	if (unlikely(at != env_reset_next)) {
		env_reset_end();
		env_reset_start = at;
	}
	env_reset_next = at + 64;
}

#undef mb
/* Orders nothing: one thread runs. */
#define mb() env_reset_end()
