/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: what a kernel without debugging does not print. */
#pragma once

#define pr_debug(fmt, ...) do { } while (0)
#define pr_debug_once(fmt, ...) do { } while (0)
#define pr_devel(fmt, ...) do { } while (0)
#define no_printk(fmt, ...) 0
#define dump_stack() do { } while (0)
