// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that mem_hotplug_lock guards: closed unless the lock is held, so that a missing lock
 * is a fault.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include "drive.h"
#include "forbidden.h"

#define GUARDED_BYTES (256UL << 20)
#define ARRAYS 16
#define ARRAY_BYTES (64UL << 10)
#define PAGE_BYTES 4096UL
#define WINDOWS 64
#define WINDOW_BYTES (4UL << 20)
#define PATTERN_BYTES (64UL << 10)
#define PATTERN 0x5e
#define PA_OF_NULL 0x77ff80000000UL

/* Where memblock put an array: a piece of the direct map. */
struct window {
	unsigned long pa;
	char *at;
};

/* At first arrays, each with a page behind it that nobody may touch, then the rest. */
static char *guarded, *rest, *next;
static int array_count;
static struct window windows[WINDOWS];
static int window_count;
static int key = -1;

/* Behind the i-th array. */
static void fence(int i)
{
	mprotect(guarded + i * (ARRAY_BYTES + PAGE_BYTES) - PAGE_BYTES, PAGE_BYTES, PROT_NONE);
}

/* A protection key opens and closes without a system call; where there is none, mprotect() does. */
static __attribute__((constructor)) void reserve(void)
{
	int i;

	guarded = mmap(NULL, GUARDED_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	rest = guarded + ARRAYS * (ARRAY_BYTES + PAGE_BYTES);
	next = rest;
	key = pkey_alloc(0, 0);
	if (key >= 0 &&
	    pkey_mprotect(guarded, GUARDED_BYTES, PROT_READ | PROT_WRITE, key)) {
		pkey_free(key);
		key = -1;
	}
	for (i = 1; i <= ARRAYS; i++)
		fence(i);
}

#ifdef ENV_THREADS
/* Protection keys are a thread's own; here a sanitizer watches. */
static void protect(int closed) { }
#else
static void protect(int closed)
{
	static int is_closed;
	int i;

	closed &= env_machine.guarded;
	if (key >= 0)
		pkey_set(key, closed ? PKEY_DISABLE_ACCESS : 0);
	else if (closed != is_closed)
		mprotect(guarded, GUARDED_BYTES, closed ? PROT_NONE : PROT_READ | PROT_WRITE);
	for (i = 1; key < 0 && !closed && closed != is_closed && i <= array_count; i++)
		fence(i);
	is_closed = closed;
}
#endif

void env_guard_restore(void)
{
	protect(0);
	env_forbid(guarded, next - guarded);
	next = rest;
	array_count = 0;
	window_count = 0;
}

void env_guard(void)
{
	protect(1);
}

void env_unguard(void)
{
	protect(0);
}

int env_guard_has_key(void)
{
	return key >= 0;
}

int env_is_guarded(const void *at)
{
	const unsigned long offset = (const char *)at - guarded;

	/* A fence is nobody's, with or without the lock. */
	if ((const char *)at < rest && offset % (ARRAY_BYTES + PAGE_BYTES) >= ARRAY_BYTES)
		return 0;
	return (const char *)at >= guarded && (const char *)at < guarded + GUARDED_BYTES;
}

void *env_guarded(unsigned long bytes)
{
	void *at = env_guarded_object(bytes);

	if (at)
		env_allow(at, bytes);
	return at;
}

/* An array that ends where nobody may read on, if there is still room for one. */
void *env_guarded_array(unsigned long bytes)
{
	char *end;

	if (array_count == ARRAYS || bytes > ARRAY_BYTES)
		return env_guarded(bytes);

	end = guarded + ++array_count * (ARRAY_BYTES + PAGE_BYTES) - PAGE_BYTES;
	if (key < 0)
		fence(array_count);
	env_allow(end - bytes, bytes);
	return end - bytes;
}

/* The caller unpoisons the part that kernel code may access. */
void *env_guarded_object(unsigned long bytes)
{
	char *at = next;

	bytes = (bytes + 7) & -8UL;
	if (bytes > (unsigned long)(guarded + GUARDED_BYTES - next))
		return NULL;
	next += bytes;
	return at;
}

/* memblock asks for one array at a time, never larger than its doubled regions. */
void *env_direct_map(unsigned long pa, unsigned long bytes)
{
	int i;

	for (i = 0; i < window_count; i++)
		if (windows[i].pa == pa)
			return windows[i].at;
	if (window_count == WINDOWS)
		env_leave(ENV_STOPPED, 0);
	windows[window_count].pa = pa;
	windows[window_count].at = env_guarded(WINDOW_BYTES);
	memset(windows[window_count].at, PATTERN, PATTERN_BYTES);
	return windows[window_count++].at;
}

/* What was allocated there, and is nobody's array, is not looked at again. */
void env_direct_map_forget(const void *at)
{
	int i;

	for (i = 0; i < window_count && windows[i].at != at; i++)
		;
	if (i == window_count)
		return;
	windows[i] = windows[--window_count];
	if (next == (const char *)at + WINDOW_BYTES)
		next -= WINDOW_BYTES;
}

/* Nobody wrote into the page behind the bytes of an array that memblock made. */
int env_direct_map_ends(const void *array, unsigned long bytes)
{
	unsigned long end = (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
	const char *at;
	int i;

	for (i = 0; i < window_count && windows[i].at != array; i++)
		;
	if (i == window_count || end + PAGE_BYTES > PATTERN_BYTES)
		return 1;
	for (at = windows[i].at + end; at < windows[i].at + end + PAGE_BYTES; at++)
		if (*at != PATTERN)
			return 0;
	return 1;
}

unsigned long env_direct_map_pa(const void *at)
{
	int i;

	/* As in the kernel it is not 0. */
	if (!at)
		return PA_OF_NULL;
	for (i = 0; i < window_count; i++)
		if (windows[i].at == at)
			return windows[i].pa;
	return (unsigned long)at;
}
