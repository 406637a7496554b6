// SPDX-License-Identifier: GPL-2.0-only
/* Edges of kernel code that ran, where a fuzzer counts them: with -fsanitize-coverage=trace-pc. */
#include "drive.h"

#ifdef ENV_EDGES
#define SPREAD 0x9e3779b97f4a7c15ULL	/* 2^64 divided by the golden ratio */

static unsigned char *edges;
static env_u64 last_index, last;

/* The map has a power of two of bytes, 2^32 at most. */
ENV_EXPORTED void tdxverify_edges(unsigned char *map, env_u64 bytes)
{
	edges = map;
	last_index = bytes - 1;
}

ENV_EXPORTED void __sanitizer_cov_trace_pc(void)
{
	env_u64 here = (env_u64)((const char *)__builtin_return_address(0) - &__ehdr_start);

	if (!edges)
		return;

	here = (here * SPREAD) >> 32;
	edges[(here ^ last) & last_index]++;
	last = here >> 1;
}
#endif
