/* SPDX-License-Identifier: GPL-2.0-only */
#define NR_PAGEFLAGS 24
