/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: allocations of tdx.c are recorded and may be refused; those of memblock.c are neither.
 * Memory lies where env/memory.c and env/guard.c put it. No page frame has a struct page.
 */
#pragma once

struct page {
	struct list_head lru;
	unsigned long unused[6];
};

#include <linux/nodemask_types.h>

/*
 * A member of node_states[] where linux/nodemask.h comes with the headers above, else a
 * variable.
 */
#ifndef node_online_map
extern nodemask_t node_online_map;
#endif

/* Nothing is mapped at these addresses: a struct page is a number. */
#define ENV_VMEMMAP ((struct page *)0x4000000000000000UL)
#define pfn_to_page(pfn) (ENV_VMEMMAP + (pfn))
#define page_to_pfn(page) ((unsigned long)((page) - ENV_VMEMMAP))
#define page_address(page) ((void *)(page))
#define page_to_virt(page) page_address(page)
#define ZERO_PAGE(address) pfn_to_page(0)

#undef __pa
#undef __va

#ifdef ENV_RECORDED
/* What tdx.c turns into an address is only ever converted back with MOVDIR64B. */
#define __pa(object) env_pa((const void *)(object))
#define __va(pa) ((void *)(unsigned long)(pa))
#define __pa_symbol(object) __pa(object)

/* The array of TDMR addresses is as large as the module wants it; a list entry is small. */
#define env_site_of(bytes) ((bytes) < 256 ? ENV_MEMLIST_ENTRY : ENV_PA_ARRAY)

static inline void *kmalloc(size_t bytes, gfp_t flags)
{
	return env_kmalloc(env_site_of(bytes), bytes, !!(flags & __GFP_ZERO));
}

static inline void kfree(const void *object)
{
	if (object)
		env_kfree(object);
}
#else
/*
 * memblock doubles its arrays in memory that mem_hotplug_lock guards; the machine says which
 * fails. What is freed must have come from here, and is never used again.
 */
#define ENV_ARRAYS 16
static const void *env_arrays[ENV_ARRAYS];
static int env_array_count, env_array_asked;

#define __pa(object) env_direct_map_pa((const void *)(object))
#define __va(pa) env_direct_map(pa, 0)

static inline void *kmalloc(size_t bytes, gfp_t flags)
{
	void *array;

	if (++env_array_asked == env_machine.failing_array || env_array_count == ENV_ARRAYS)
		return NULL;

	array = env_guarded_array(bytes);
	env_arrays[env_array_count++] = array;
	return array;
}

static inline void kfree(const void *object)
{
	int i = 0;

	if (!object)
		return;

	while (i < env_array_count && env_arrays[i] != object)
		i++;
	if (i == env_array_count)
		env_bug(ENV_BUG, "freed what was not allocated");
	env_arrays[i] = NULL;
}
#endif

static inline void *alloc_pages_exact(size_t bytes, gfp_t flags)
{
	return env_pages_exact(bytes, !!(flags & __GFP_ZERO));
}

static inline void free_pages_exact(void *pages, size_t bytes)
{
	env_pages_exact_free(pages, bytes);
}

static inline struct page *alloc_contig_pages(unsigned long pages, gfp_t flags, int nid,
					      nodemask_t *nodes)
{
	unsigned long pfn;

	return env_contig(pages, nid, &pfn) ? pfn_to_page(pfn) : NULL;
}

static inline void free_contig_range(unsigned long pfn, unsigned long pages)
{
	env_contig_free(pfn, pages);
}
