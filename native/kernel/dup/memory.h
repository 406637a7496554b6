/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of linux/slab.h, linux/mm.h and asm/page.h. */
#pragma once

enum migratetype { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_CMA };

#define PAGE_ALIGN(bytes) ALIGN(bytes, PAGE_SIZE)
#define phys_to_page(pa) pfn_to_page((pa) >> PAGE_SHIFT)
#define page_to_phys(page) ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)

#ifdef ENV_RECORDED
static inline void *kzalloc(size_t bytes, gfp_t flags)
{
	return kmalloc(bytes, flags | __GFP_ZERO);
}

static inline void *kcalloc(size_t n, size_t bytes, gfp_t flags)
{
	return kzalloc(size_mul(n, bytes), flags);
}

static inline void *kmalloc_array(size_t n, size_t bytes, gfp_t flags)
{
	return kmalloc(size_mul(n, bytes), flags);
}

#define kmalloc_obj(object, ...) kmalloc(sizeof(object), GFP_KERNEL)
#define kzalloc_obj(object, ...) kzalloc(sizeof(object), GFP_KERNEL)
#endif
