/* SPDX-License-Identifier: GPL-2.0-only */
/* mm/memblock.c as it is, and the calls that a boot makes of it. */
#define __MM_INTERNAL_H
#define __MM_MM_INIT_H
#include <env/memory.h>
#include <env/lock.h>
#include <linux/errno.h>
#include <linux/cache.h>
#include <linux/instruction_pointer.h>

/* What memblock_free_all() walks; nobody calls it. */
#define MAX_NR_ZONES 1
#define MAX_PAGE_ORDER 10
struct zone { long managed_pages; };
typedef struct pglist_data { struct zone node_zones[MAX_NR_ZONES]; } pg_data_t;
#define for_each_online_pgdat(pgdat) for ((pgdat) = NULL; (pgdat);)
#define atomic_long_set(at, value) (*(at) = (value))

/* No page frame has a struct page: what is freed to the buddy allocator is forgotten. */
#define for_each_valid_pfn(pfn, start, end) for ((pfn) = (start); false;)
#define deferred_pages_enabled() false
#define free_reserved_page(page) do { (void)(page); } while (0)
#define kasan_reset_tag(at) ((void *)(at))
#define __is_kernel(at) ((void)(at), false)
#define K(pages) ((pages) << (PAGE_SHIFT - 10))

#define mirrored_kernelcore env_machine.mirrored

/* The command line comes as calls; nothing is allocated from memblock but its own arrays. */
#undef early_param
#undef __setup
#define early_param(word, function)
#define __setup(word, function)
#define kzalloc_node(bytes, flags, nid) kmalloc(bytes, flags)
#define virt_to_phys(at) __pa(at)

static int env_has_slab;
static inline bool slab_is_available(void) { return env_has_slab; }
static inline void accept_memory(phys_addr_t start, unsigned long bytes) { }
#define movable_node_is_enabled() false

#include KSRC_FILE(mm/memblock.c)

#include <env/boot.h>

/* MEMBLOCK_KHO_SCRATCH: memblock_mark_kho_scratch() is only there with CONFIG_KEXEC_HANDOVER, and in new trees. */
#define ENV_KHO_SCRATCH 0x40

int env_memblock_call(const struct env_memblock_call *call)
{
	switch (call->kind) {
	case ENV_ADD:
		return call->nid == MAX_NUMNODES && !call->flags
			? memblock_add(call->address, call->size)
			: memblock_add_node(call->address, call->size, call->nid, call->flags);
	case ENV_REMOVE:
		return memblock_remove(call->address, call->size);
	case ENV_RESERVE:
		return memblock_reserve(call->address, call->size);
	case ENV_FREE:
		return memblock_phys_free(call->address, call->size);
	case ENV_SET_NODE:
		return memblock_set_node(call->address, call->size, &memblock.memory, call->nid);
	case ENV_SET_NODE_RESERVED:
		return memblock_set_node(call->address, call->size, &memblock.reserved, call->nid);
	case ENV_MARK_HOTPLUG:
		return memblock_mark_hotplug(call->address, call->size);
	case ENV_MARK_MIRROR:
		return memblock_mark_mirror(call->address, call->size);
	case ENV_MARK_NOMAP:
		return memblock_mark_nomap(call->address, call->size);
	case ENV_CLEAR_HOTPLUG:
		return memblock_clear_hotplug(call->address, call->size);
	case ENV_CLEAR_NOMAP:
		return memblock_clear_nomap(call->address, call->size);
	case ENV_TRIM:
		memblock_trim_memory(call->size);
		return 0;
	case ENV_MARK_KHO_SCRATCH:
		return memblock_setclr_flag(&memblock.memory, call->address, call->size, 1, ENV_KHO_SCRATCH);
	case ENV_LIMIT:
		memblock.current_limit = call->address;
		return 0;
	case ENV_ALLOW_RESIZE:
		memblock_allow_resize();
		return 0;
	case ENV_SLAB:
		memblock_allow_resize();
		env_has_slab = 1;
		return 0;
	}
	return -EINVAL;
}

/* The arrays move behind the guard, as they do when they are doubled. */
void env_memblock_guard(void)
{
	struct memblock_type *type = &memblock.memory;
	unsigned long bytes = type->max * sizeof(*type->regions);

	env_has_slab = 1;
	if (type->regions == memblock_memory_init_regions) {
		type->regions = memcpy(env_guarded(bytes), type->regions, bytes);
		memblock_memory_in_slab = 1;
	}
}

unsigned long env_memblock_regions(int reserved, unsigned long from, unsigned long room, struct env_region *regions)
{
	const struct memblock_type *type = reserved ? &memblock.reserved : &memblock.memory;
	unsigned long i;

	for (i = 0; i < room && from + i < type->cnt; i++) {
		const struct memblock_region *region = &type->regions[from + i];

		regions[i] = (struct env_region){ region->base, region->size, region->flags, memblock_get_region_node(region) };
	}
	return type->cnt;
}
