/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of mm/internal.h. */
#pragma once

#define K(pages) ((pages) << (PAGE_SHIFT - 10))
