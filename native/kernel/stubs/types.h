/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: types that headers name and nothing compiled here looks into. */
#pragma once

struct device {
	int unused;
};

struct srcu_struct {
	int unused;
};

struct srcu_usage {
	int unused;
};
