/* SPDX-License-Identifier: GPL-2.0-only */
/* No offset of it is used. */
