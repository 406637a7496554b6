/* SPDX-License-Identifier: GPL-2.0-only */
struct pt_regs;
