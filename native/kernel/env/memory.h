/* SPDX-License-Identifier: GPL-2.0-only */
/* kmalloc(), whole pages, contiguous pages, and addresses. */
#pragma once
#include <env/kernel.h>
#include <linux/gfp_types.h>
#include <linux/sizes.h>
#include <linux/numa.h>
#include <linux/overflow.h>
#include <asm/page_types.h>
#include <asm/pgtable_types.h>
#include <linux/list.h>

struct page { struct list_head lru; unsigned long unused[6]; };
#include <linux/nodemask_types.h>
/* A member of node_states[] where linux/nodemask.h comes with the headers above, else a variable. */
#ifndef node_online_map
extern nodemask_t node_online_map;
#endif

enum migratetype { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_CMA };

#define ENV_VMEMMAP ((struct page *)0x4000000000000000UL)
#define pfn_to_page(pfn) (ENV_VMEMMAP + (pfn))
#define page_to_pfn(page) ((unsigned long)((page) - ENV_VMEMMAP))

#undef __pa
#undef __va

#ifdef ENV_RECORDED
/* What tdx.c turns into an address is only ever converted back with MOVDIR64B. */
#define __pa(object) env_pa((const void *)(object))
#define __va(pa) ((void *)(unsigned long)(pa))
#define __pa_symbol(object) __pa(object)

/* What is not a list entry is as large as the module wants it. */
#define env_site_of(bytes) ((bytes) < 256 ? ENV_MEMLIST_ENTRY : ENV_PA_ARRAY)
static inline void *kmalloc(size_t bytes, gfp_t flags) { return env_kmalloc(env_site_of(bytes), bytes, !!(flags & __GFP_ZERO)); }
static inline void *kzalloc(size_t bytes, gfp_t flags) { return env_kmalloc(env_site_of(bytes), bytes, 1); }
static inline void *kcalloc(size_t n, size_t bytes, gfp_t flags) { return kzalloc(size_mul(n, bytes), flags); }
static inline void *kmalloc_array(size_t n, size_t bytes, gfp_t flags) { return kmalloc(size_mul(n, bytes), flags); }
static inline void kfree(const void *object) { if (object) env_kfree(object); }
#define kmalloc_obj(object, ...) kmalloc(sizeof(object), GFP_KERNEL)
#define kzalloc_obj(object, ...) kzalloc(sizeof(object), GFP_KERNEL)
#else
/* memblock doubles its arrays: in memory that mem_hotplug_lock guards, and not part of a trace. */
#define __pa(object) env_direct_map_pa((const void *)(object))
#define __va(pa) env_direct_map(pa, 0)
static inline void *kmalloc(size_t bytes, gfp_t flags) { return env_guarded(bytes); }
static inline void kfree(const void *object) { }
#endif

static inline void *alloc_pages_exact(size_t bytes, gfp_t flags) { return env_pages_exact(bytes, !!(flags & __GFP_ZERO)); }
static inline void free_pages_exact(void *pages, size_t bytes) { env_pages_exact_free(pages, bytes); }
static inline void free_contig_range(unsigned long pfn, unsigned long pages) { env_contig_free(pfn, pages); }
static inline struct page *alloc_contig_pages(unsigned long pages, gfp_t flags, int nid, nodemask_t *nodes)
{
	unsigned long pfn;

	return env_contig(pages, nid, &pfn) ? pfn_to_page(pfn) : NULL;
}

/* What is there for guests alone, who come after the bring-up: nothing of it is touched. */
#define vzalloc(bytes) ((void *)ZERO_PAGE(0))
#define vfree(at) do { } while (0)
#define alloc_page(flags) ((struct page *)NULL)
#define __free_page(page) do { } while (0)

#define PAGE_ALIGN(bytes) ALIGN(bytes, PAGE_SIZE)
#define ZERO_PAGE(address) pfn_to_page(0)
#define page_address(page) ((void *)(page))
#define page_to_virt(page) page_address(page)
#define phys_to_page(pa) pfn_to_page((pa) >> PAGE_SHIFT)
#define page_to_phys(page) ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
