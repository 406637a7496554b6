// SPDX-License-Identifier: GPL-2.0-only
/* Duplicates of lib/string.c: what the C library has not. */
#include <harness/kernel.h>

void *memchr_inv(const void *start, int byte, __kernel_size_t bytes)
{
	const unsigned char *at = start, *end = at + bytes;

	while (at < end && *at == (unsigned char)byte)
		at++;
	return at < end ? (void *)at : NULL;
}
