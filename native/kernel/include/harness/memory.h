/* SPDX-License-Identifier: GPL-2.0-only */
/* kmalloc(), whole pages, contiguous pages, and addresses. */
#pragma once
#include <harness/kernel.h>
#include <linux/gfp_types.h>
#include <linux/sizes.h>
#include <linux/numa.h>
#include <linux/overflow.h>
#include <asm/page_types.h>
#include <asm/pgtable_types.h>
#include <linux/list.h>
#include <linux/err.h>
#include <linux/cleanup.h>
#include <fakes/memory.h>
#include <stubs/memory.h>
#include <dup/memory.h>
