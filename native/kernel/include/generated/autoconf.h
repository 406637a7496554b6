/* SPDX-License-Identifier: GPL-2.0-only */
/* include/config.h has the configuration. */
