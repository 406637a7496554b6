/* SPDX-License-Identifier: GPL-2.0-only */
struct device { int unused; };
