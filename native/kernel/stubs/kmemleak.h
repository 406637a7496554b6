/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: no allocation is tracked. */
#pragma once

#define kmemleak_free_part_phys(pa, bytes) do { } while (0)
#define kmemleak_alloc_phys(pa, bytes, flags) do { } while (0)
#define kmemleak_free_part(at, bytes) do { } while (0)
