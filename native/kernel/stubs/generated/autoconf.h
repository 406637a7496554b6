/* SPDX-License-Identifier: GPL-2.0-only */
/* stubs/config.h has the configuration. */
