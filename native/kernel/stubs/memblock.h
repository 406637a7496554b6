/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: what mm/memblock.c calls and no case depends on. */
#pragma once
#include <linux/types.h>

/* memblock_free_all() walks these; nobody calls it. */
#define MAX_NR_ZONES 1
#define MAX_PAGE_ORDER 10

struct zone {
	long managed_pages;
};

typedef struct pglist_data {
	struct zone node_zones[MAX_NR_ZONES];
} pg_data_t;

#define for_each_online_pgdat(pgdat) \
	for ((pgdat) = NULL; (pgdat);)
#define atomic_long_set(at, value) (*(at) = (value))

/* No page frame has a struct page: memory freed to the buddy allocator is forgotten. */
#define for_each_valid_pfn(pfn, start, end) \
	for ((pfn) = (start); false;)
#define deferred_pages_enabled() false
#define free_reserved_page(page) ((void)(page))
#define kasan_reset_tag(at) ((void *)(at))
#define __is_kernel(at) ((void)(at), false)

/* Parameters arrive as calls: there is no command line. */
#undef early_param
#undef __setup
#define early_param(word, function)
#define __setup(word, function)

#define movable_node_is_enabled() false

static inline void accept_memory(phys_addr_t start, unsigned long bytes) { }
