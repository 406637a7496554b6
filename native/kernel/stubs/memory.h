/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: what guests alone need, and they come after initialization. None of it is accessed. */
#pragma once

#define vzalloc(bytes) ((void *)ZERO_PAGE(0))
#define vfree(at) do { } while (0)
