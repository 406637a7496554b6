// SPDX-License-Identifier: GPL-2.0-only
/* mm/memblock.c as it is, and the calls that a boot makes into it. */
#define __MM_INTERNAL_H
#define __MM_MM_INIT_H
#include <harness/memory.h>
#include <harness/lock.h>
#include <linux/errno.h>
#include <linux/cache.h>
#include <linux/instruction_pointer.h>
#include <stubs/memblock.h>
#include <fakes/memblock.h>
#include <dup/internal.h>
#include KSRC_FILE(mm/memblock.c)

#include <env/boot.h>

/* MEMBLOCK_KHO_SCRATCH: its functions need CONFIG_KEXEC_HANDOVER, and old trees lack them. */
#define ENV_KHO_SCRATCH 0x40

#ifdef ENV_HAS_VALIDATE_COVERAGE
static int validate_coverage(unsigned long threshold)
{
	int warnings = env_warnings;
	int is_covered = memblock_validate_numa_coverage(threshold);

	/* What it prints is no error of memblock. */
	env_warnings = warnings;
	return is_covered;
}
#else
#define validate_coverage(threshold) (call->nid)
#endif

static env_u64 answers[ENV_ANSWERS];
static int answer_count;

static int answered(env_u64 answer)
{
	if (answer_count < ENV_ANSWERS)
		answers[answer_count++] = answer;
	return 0;
}

/* More is not zeroed: no window of the direct map is larger. */
#define ENV_ZEROED SZ_64K

static env_u64 allocate(const struct env_memblock_call *call)
{
	env_u64 align = call->alignment, at;
	unsigned long i;
	char *memory;

	/* Behind memblock's time kmalloc() would answer. */
	if (slab_is_available())
		return 0;
	if (call->kind == ENV_PHYS_ALLOC)
		return memblock_phys_alloc_range(call->size, align, call->address, call->limit);
	if (call->kind == ENV_ALLOC_EXACT)
		memory = memblock_alloc_exact_nid_raw(call->size, align, call->address,
						      call->limit, call->nid);
	else if (call->size <= ENV_ZEROED)
		memory = memblock_alloc_try_nid(call->size, align, call->address, call->limit,
						call->nid);
	else
		memory = memblock_alloc_try_nid_raw(call->size, align, call->address,
						    call->limit, call->nid);
	if (!memory)
		return 0;
	for (i = 0; call->kind == ENV_ALLOC && call->size <= ENV_ZEROED && i < call->size; i++)
		if (memory[i])
			env_bug(ENV_BUG, "memory of memblock_alloc_try_nid() is not zeroed");
	at = __pa(memory);
	if (!at)
		env_bug(ENV_BUG, "memblock takes address 0 for memory");
	env_direct_map_forget(memory);
	return at;
}

/* What walks over memory show, in one number; between touching regions they show nothing. */
static env_u64 walk(int nid)
{
	env_u64 digest = ENV_DIGEST, i;
	phys_addr_t start, end;
	int at;

	for_each_mem_range(i, &start, &end)
		digest = ENV_DIGEST_WITH(ENV_DIGEST_WITH(digest, start), end);
	for_each_mem_range_rev(i, &start, &end)
		digest = ENV_DIGEST_WITH(ENV_DIGEST_WITH(digest, start), end);
	__for_each_mem_range(i, &memblock.memory, NULL, nid, MEMBLOCK_NONE, &start, &end, &at)
		digest = ENV_DIGEST_WITH(ENV_DIGEST_WITH(digest, start), (env_u64)at);
	__for_each_mem_range_rev(i, &memblock.memory, NULL, nid, MEMBLOCK_NONE, &start, &end, &at)
		digest = ENV_DIGEST_WITH(ENV_DIGEST_WITH(digest, end), (env_u64)at);
	for_each_free_mem_range(i, nid, MEMBLOCK_NONE, &start, &end, &at) {
		if (start == end)
			continue;
		digest = ENV_DIGEST_WITH(ENV_DIGEST_WITH(digest, start), end);
		digest = ENV_DIGEST_WITH(digest, (env_u64)at);
	}
	for_each_free_mem_range_reverse(i, nid, MEMBLOCK_NONE, &start, &end, &at) {
		if (start == end)
			continue;
		digest = ENV_DIGEST_WITH(ENV_DIGEST_WITH(digest, start), end);
		digest = ENV_DIGEST_WITH(digest, (env_u64)at);
	}
	return digest;
}

static int make_call(const struct env_memblock_call *call)
{
	switch (call->kind) {
	case ENV_ADD:
		if (call->nid == MAX_NUMNODES && !call->flags)
			return memblock_add(call->address, call->size);
		return memblock_add_node(call->address, call->size, call->nid, call->flags);
	case ENV_REMOVE:
		return memblock_remove(call->address, call->size);
	case ENV_RESERVE:
		return memblock_reserve(call->address, call->size);
	case ENV_FREE:
		return memblock_phys_free(call->address, call->size);
	case ENV_SET_NODE:
		return memblock_set_node(call->address, call->size, &memblock.memory, call->nid);
	case ENV_SET_NODE_RESERVED:
		return memblock_set_node(call->address, call->size, &memblock.reserved,
					 call->nid);
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
		return memblock_setclr_flag(&memblock.memory, call->address, call->size, 1,
					    ENV_KHO_SCRATCH);
	case ENV_MARK_NOINIT:
		return memblock_reserved_mark_noinit(call->address, call->size);
	case ENV_BOTTOM_UP:
		memblock_set_bottom_up(call->size);
		return 0;
	case ENV_ALLOC:
	case ENV_ALLOC_EXACT:
	case ENV_PHYS_ALLOC:
		return answered(allocate(call));
	case ENV_OVERLAPS:
		return answered(memblock_overlaps_region(&memblock.memory, call->address,
							 call->size));
	case ENV_OVERLAPS_RESERVED:
		return answered(memblock_overlaps_region(&memblock.reserved, call->address,
							 call->size));
	case ENV_WALK:
		return answered(walk(call->nid));
	case ENV_LIMIT:
		memblock.current_limit = call->address;
		return 0;
	case ENV_ALLOW_RESIZE:
		memblock_allow_resize();
		return 0;
	case ENV_SLAB:
		memblock_allow_resize();
		env_memblock_guard();
		return 0;
	case ENV_VALIDATE_COVERAGE:
		return validate_coverage(call->size) == call->nid ? 0 : -ERANGE;
	}
	return -EINVAL;
}

static int last_error;

static void check_end(const struct memblock_type *type)
{
	if (!env_direct_map_ends(type->regions, type->max * sizeof(*type->regions)))
		env_bug(ENV_BUG, "memblock writes behind an array");
}

int env_memblock_call(const struct env_memblock_call *call)
{
	int error = make_call(call);
	int i;

	if (error)
		last_error = error;
	check_end(&memblock.memory);
	check_end(&memblock.reserved);
	for (i = 0; i < env_array_count; i++)
		if (env_arrays[i] && env_arrays[i] != memblock.memory.regions &&
		    env_arrays[i] != memblock.reserved.regions)
			env_bug(ENV_BUG, "memblock forgets an array");
	return error;
}

/* Nodes are online, and have memory, where memblock says so. */
void env_memblock_nodes(void)
{
	unsigned long i;

	for (i = 0; i < memblock.memory.cnt; i++) {
		int nid = memblock_get_region_node(&memblock.memory.regions[i]);

		if (nid < 0 || nid >= MAX_NUMNODES)
			continue;
		if (node_test_and_set(nid, node_states[N_POSSIBLE]))
			continue;
		nr_online_nodes++;
		nr_node_ids = max_t(unsigned int, nr_node_ids, nid + 1);
		node_set(nid, node_states[N_ONLINE]);
		node_set(nid, node_states[N_MEMORY]);
		node_set(nid, node_states[N_NORMAL_MEMORY]);
	}
}

/* totalram_pages(), as if nothing were reserved. */
unsigned long env_memory_pages(void)
{
	return memblock.memory.total_size >> PAGE_SHIFT;
}

int env_memblock_warnings(void)
{
	return env_warnings;
}

int env_memblock_error(void)
{
	return last_error;
}

/* The array of memory moves behind the guard, as it does when it is doubled. */
void env_memblock_guard(void)
{
	struct memblock_type *type = &memblock.memory;
	unsigned long bytes = type->max * sizeof(*type->regions);
	int asked = env_array_asked;

	env_has_slab = 1;
	if (type->regions != memblock_memory_init_regions)
		return;

	env_array_asked = env_machine.failing_array;
	type->regions = memcpy(kmalloc(bytes, GFP_KERNEL), type->regions, bytes);
	env_array_asked = asked;
	memblock_memory_in_slab = 1;
}

unsigned long env_memblock_bytes(int reserved)
{
	return reserved ? memblock.reserved.total_size : memblock.memory.total_size;
}

/* Where memblock itself has made room for an array; empty where the array is another. */
struct env_range env_memblock_array(int reserved)
{
	const struct memblock_type *type = reserved ? &memblock.reserved : &memblock.memory;
	int in_slab = reserved ? memblock_reserved_in_slab : memblock_memory_in_slab;
	struct env_range range = {};

	if (in_slab || type->max == INIT_MEMBLOCK_REGIONS)
		return range;
	range.start = __pa(type->regions);
	range.end = range.start + PAGE_ALIGN(type->max * sizeof(*type->regions));
	return range;
}

unsigned long env_memblock_answers(const env_u64 **at)
{
	*at = answers;
	return answer_count;
}

unsigned long env_memblock_regions(int reserved, unsigned long room, struct env_region *regions)
{
	const struct memblock_type *type = reserved ? &memblock.reserved : &memblock.memory;
	unsigned long i;

	for (i = 0; i < room && i < type->cnt; i++) {
		const struct memblock_region *region = &type->regions[i];

		regions[i] = (struct env_region){
			.base = region->base,
			.size = region->size,
			.flags = region->flags,
			.nid = memblock_get_region_node(region),
		};
	}
	return type->cnt;
}
