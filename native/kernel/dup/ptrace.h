/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicates of asm/ptrace.h. */
#pragma once

struct pt_regs;
