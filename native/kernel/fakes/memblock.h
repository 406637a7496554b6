/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: nothing is allocated from memblock but its own arrays; they come from guarded memory,
 * and slab is there when the boot says so.
 */
#pragma once

static int env_has_slab;

static inline bool slab_is_available(void)
{
	return env_has_slab;
}

#define mirrored_kernelcore env_machine.mirrored
#define kzalloc_node(bytes, flags, nid) kmalloc(bytes, flags)
#define virt_to_phys(at) __pa(at)
#define phys_to_virt(pa) __va(pa)
