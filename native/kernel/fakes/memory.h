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

#include <linux/nodemask.h>

/* Who may reclaim may sleep. */
static inline bool env_gfp(gfp_t flags)
{
	if (flags & __GFP_DIRECT_RECLAIM)
		env_may_sleep();
	return true;
}

/* Nothing is mapped at these addresses: a struct page is a number. */
#define ENV_VMEMMAP ((struct page *)0x4000000000000000UL)
#define pfn_to_page(pfn) (ENV_VMEMMAP + (pfn))
#define page_to_pfn(page) ((unsigned long)((page) - ENV_VMEMMAP))
#define page_address(page) env_page_address(page)
#define page_to_virt(page) page_address(page)
#define ZERO_PAGE(address) pfn_to_page(0)

#undef __pa
#undef __va

#ifdef ENV_RECORDED
/* What tdx.c turns into an address is only ever converted back with MOVDIR64B. */
#define __pa(object) env_pa((const void *)(object))
#define __va(pa) ((void *)(unsigned long)(pa))
#define __pa_symbol(object) __pa(object)

/* The array of TDMR addresses is as large as the module wants it; a list entry is what it is. */
extern const unsigned long env_memlist_entry_bytes;
#ifndef env_site_of
#define env_site_of(bytes) ((bytes) == env_memlist_entry_bytes ? ENV_MEMLIST_ENTRY :	\
			    (bytes) < 256 ? ENV_OTHER : ENV_PA_ARRAY)
#endif

/* Pages that were allocated have an address; those of a PAMT and the zero page are numbers. */
static inline void *env_page_address(const struct page *page)
{
	void *object = env_pa_to_object(page_to_pfn(page) << PAGE_SHIFT);

	return object ? object : (void *)page;
}

static inline void *env_kmalloc_other(size_t bytes, gfp_t flags)
{
	env_gfp(flags);
	return env_kmalloc(ENV_OTHER, bytes, !!(flags & __GFP_ZERO));
}

static inline void *kmalloc(size_t bytes, gfp_t flags)
{
	env_gfp(flags);
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
	env_gfp(flags);
	return env_pages_exact(bytes, !!(flags & __GFP_ZERO));
}

static inline void free_pages_exact(void *pages, size_t bytes)
{
	env_pages_exact_free(pages, bytes);
}

static inline struct page *alloc_contig_pages(unsigned long pages, gfp_t flags, int nid,
					      nodemask_t *nodes)
{
	const bool is_local = flags & __GFP_THISNODE ||
			      (nodes && !nodes_subset(node_states[N_MEMORY], *nodes));
	const int request = (flags & __GFP_MOVABLE ? ENV_MOVABLE : 0) |
			    (is_local ? ENV_THIS_NODE : 0) |
			    (flags & __GFP_DIRECT_RECLAIM ? 0 : ENV_NO_RECLAIM) |
			    (flags & (__GFP_DMA | __GFP_DMA32) ? ENV_LOW : 0);
	unsigned long pfn;

	env_gfp(flags);
	return env_contig(pages, nid, request, &pfn) ? pfn_to_page(pfn) : NULL;
}

static inline void free_contig_range(unsigned long pfn, unsigned long pages)
{
	env_contig_free(pfn, pages);
}
