/* SPDX-License-Identifier: GPL-2.0-only */
/* No section is asked for. */
