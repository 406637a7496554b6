/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of asm/arch_hweight.h: without instructions that a boot patches in. */
#pragma once
#include <asm-generic/bitops/arch_hweight.h>
