// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmalloc() and whole pages. Memory is never used again within a boot. kmalloc() promises
 * alignment by size, and no more is given; whole pages end at a page that nobody may access;
 * what is freed is poisoned or closed.
 */
#include <string.h>
#include <sys/mman.h>
#include "drive.h"
#include "forbidden.h"

#define SLAB_BYTES (64UL << 20)
#define PAGES_BYTES (8UL << 30)
#define MAX_CONTIGS 65536
#define MAX_PAGES_EXACT 64
#define PAGE 4096UL
#define BIG_BYTES (1UL << 20)	/* above it, zero pages are cheaper than memset() */
#define MAGIC 0x5e7f
#define POISON 0x6b
#define GARBAGE 0xa5

/* Where the module finds them: addresses that are legal for every module, and mean nothing. */
#define SLAB_PA 0x100000UL
#define PAGES_PA 0x10000000UL

struct header {
	unsigned short magic;
	unsigned char site, is_freed;
	int ordinal;
	unsigned long bytes;
};

struct exact {
	char *at;
	unsigned long bytes;
	int ordinal, is_freed, is_open;
};

struct contig {
	unsigned long pfn, pages;
	int ordinal;
};

static char *slab, *slab_next;
static char *pages, *pages_next;
static char *open_to;	/* all pages before it can be read and written */
static struct exact exacts[MAX_PAGES_EXACT];
static int exact_count;
static struct contig contigs[MAX_CONTIGS];
static int contig_count;

static __attribute__((constructor)) void reserve(void)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

	slab = mmap(NULL, SLAB_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
	pages = mmap(NULL, PAGES_BYTES, PROT_NONE, flags, -1, 0);
	slab_next = slab;
	pages_next = pages;
	open_to = pages;
	env_forbid(slab, SLAB_BYTES);
}

static unsigned long round_up(unsigned long value, unsigned long to)
{
	return (value + to - 1) & -to;
}

void env_memory_restore(void)
{
	env_forbid(slab, slab_next - slab);
	slab_next = slab;
	pages_next = pages;
	exact_count = 0;
	contig_count = 0;
}

/* A power of two is aligned to itself and to nothing above it. */
static char *place(char *from, unsigned long bytes)
{
	unsigned long at = (unsigned long)from + sizeof(struct header);
	unsigned long alignment = bytes & (bytes - 1) || bytes < 8 ? 8 : bytes;

	at = round_up(at, alignment);
	if (!(at & alignment))
		at += alignment;
	return (char *)at;
}

void *env_kmalloc(int site, unsigned long bytes, int zeroed)
{
	struct header *header;
	char *at;
	int ordinal;

	OUTSIDE(ordinal = env.kmalloc(site, bytes));
	if (!ordinal)
		return NULL;
	if (site == ENV_MEMLIST_ENTRY) {
		at = (char *)env_guarded_object(bytes + sizeof(*header));
		if (!at)
			env_leave(ENV_STOPPED, 0);
		at += sizeof(*header);
	} else {
		at = place(slab_next, bytes);
		if (at + bytes > slab + SLAB_BYTES)
			env_leave(ENV_STOPPED, 0);
		slab_next = at + bytes;
	}
	header = (struct header *)at - 1;
	*header = (struct header){ MAGIC, site, 0, ordinal, bytes };
	env_allow(at, bytes);
	memset(at, zeroed ? 0 : GARBAGE, bytes);
	return at;
}

void env_kfree(const void *object)
{
	struct header *header = (struct header *)object - 1;

	if (header->magic != MAGIC) {
		OUTSIDE(env.free(ENV_MEMLIST_ENTRY, 0, 0, 0));
		return;
	}
	OUTSIDE(env.free(header->site, header->ordinal, 0, 0));
	if (!header->is_freed) {
		memset((void *)object, POISON, header->bytes);
		env_forbid(object, header->bytes);
	}
	header->is_freed = 1;
}

/* What was asked for. */
unsigned long env_kmalloc_bytes(const void *object)
{
	const struct header *header = (const struct header *)object - 1;

	return header->magic == MAGIC ? header->bytes : 0;
}

/* Whole pages with one behind them that nobody may access. */
static void fence_pages(unsigned long whole)
{
	if (open_to > pages_next) {
		mprotect(pages_next, open_to - pages_next, PROT_NONE);
		open_to = pages_next;
	}
	mprotect(pages_next, whole + PAGE, PROT_NONE);
	mprotect(pages_next, whole, PROT_READ | PROT_WRITE);
}

/* The same without a fence: opened once for all cases. */
static void open_pages(unsigned long whole)
{
	if (open_to >= pages_next + whole)
		return;
	mprotect(pages, pages_next + whole - pages, PROT_READ | PROT_WRITE);
	open_to = pages_next + whole;
}

void *env_pages_exact(unsigned long bytes, int zeroed)
{
	unsigned long whole = round_up(bytes, PAGE);
	struct exact *exact;
	int ordinal;

	OUTSIDE(ordinal = env.pages_exact(bytes));
	if (!ordinal)
		return NULL;
	if (exact_count == MAX_PAGES_EXACT ||
	    whole + PAGE > (unsigned long)(pages + PAGES_BYTES - pages_next))
		env_leave(ENV_STOPPED, 0);
	exact = &exacts[exact_count++];
	if (!env_machine.guarded)
		open_pages(whole);
	else if (exact->at != pages_next || exact->bytes != bytes || !exact->is_open ||
		 open_to > pages_next)
		fence_pages(whole);
	*exact = (struct exact){ pages_next, bytes, ordinal, 0, env_machine.guarded };
	pages_next += whole + PAGE;
	if (whole > BIG_BYTES && zeroed)
		madvise(exact->at, whole, MADV_DONTNEED);
	else
		memset(exact->at, zeroed ? 0 : GARBAGE, whole);
	return exact->at;
}

static struct exact *exact_at(const void *at)
{
	int i;

	for (i = exact_count - 1; i >= 0; i--) {
		const char *start = exacts[i].at;
		const char *end = start + round_up(exacts[i].bytes, PAGE);

		if ((const char *)at >= start && (const char *)at < end)
			return &exacts[i];
	}
	return NULL;
}

void env_open(const void *at)
{
	struct exact *exact = exact_at(at);

	mprotect(exact->at, round_up(exact->bytes, PAGE), PROT_READ);
}

void env_close(const void *at)
{
	struct exact *exact = exact_at(at);

	mprotect(exact->at, round_up(exact->bytes, PAGE), PROT_NONE);
}

void env_pages_exact_free(void *at, unsigned long bytes)
{
	struct exact *exact = exact_at(at);

	if (!exact || exact->at != at || round_up(exact->bytes, PAGE) != round_up(bytes, PAGE)) {
		OUTSIDE(env.free(ENV_TDMR_BUFFER, 0, 0, 0));
		return;
	}
	OUTSIDE(env.free(ENV_TDMR_BUFFER, exact->ordinal, 0, 0));
	exact->is_freed = 1;
	exact->is_open = 0;
	if (env_machine.guarded)
		env_close(at);
}

int env_freed_at(const void *at, int *site, int *ordinal)
{
	struct exact *exact = exact_at(at);

	if (!exact || !exact->is_freed)
		return 0;
	*site = ENV_TDMR_BUFFER;
	*ordinal = exact->ordinal;
	return 1;
}

unsigned long env_contig(unsigned long count, int nid, int request, unsigned long *pfn)
{
	env_u64 at = 0;
	int ordinal;

	OUTSIDE(ordinal = env.contig(count, nid, request, &at));
	if (!ordinal)
		return 0;
	if (contig_count == MAX_CONTIGS)
		env_leave(ENV_STOPPED, 0);
	contigs[contig_count++] = (struct contig){ at, count, ordinal };
	*pfn = at;
	return 1;
}

void env_contig_free(unsigned long pfn, unsigned long count)
{
	int ordinal = 0, i;

	for (i = contig_count - 1; i >= 0 && !ordinal; i--)
		if (contigs[i].pfn == pfn && contigs[i].pages == count)
			ordinal = contigs[i].ordinal;
	OUTSIDE(env.free(ENV_PAMT, ordinal, pfn, count));
}

unsigned long env_pa(const void *object)
{
	const char *at = object;

	if (at >= slab && at < slab + SLAB_BYTES)
		return SLAB_PA + (at - slab);
	if (at >= pages && at < pages + PAGES_BYTES)
		return PAGES_PA + (at - pages);
	return 0;
}

/* The other way round, or NULL where nothing lies. */
void *env_pa_to_object(unsigned long pa)
{
	if (pa >= SLAB_PA && pa < SLAB_PA + (slab_next - slab))
		return slab + (pa - SLAB_PA);
	return NULL;
}

const void *env_pa_to_pointer(env_u64 pa, env_u64 bytes)
{
	struct exact *exact;
	char *at;

	if (pa >= SLAB_PA && pa + bytes <= SLAB_PA + (slab_next - slab))
		return slab + (pa - SLAB_PA);
	if (pa < PAGES_PA || pa >= PAGES_PA + PAGES_BYTES)
		return NULL;
	at = pages + (pa - PAGES_PA);
	exact = exact_at(at);
	if (!exact || exact->is_freed || at + bytes > exact->at + round_up(exact->bytes, PAGE))
		return NULL;
	return at;
}
