/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of asm/vmx.h. */
#pragma once
#include <linux/bits.h>

#define VMX_BASIC_NO_SEAMRET_INVD_VMCS BIT_ULL(60)
