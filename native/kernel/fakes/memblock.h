/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fakes: arrays of memblock come from guarded memory, and so does what a case allocates; slab
 * is there when the boot says so.
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
