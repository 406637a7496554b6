/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of generated/bounds.h, which a kernel's build makes. */
#define NR_PAGEFLAGS 24
