/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: nothing is probed. */
#pragma once

#define NOKPROBE_SYMBOL(name)
#define __kprobes
#define nokprobe_inline inline
