/* SPDX-License-Identifier: GPL-2.0-only */
/* CONFIG_DEBUG_FS is off. */
