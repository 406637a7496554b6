/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
struct srcu_struct { int unused; };
struct srcu_usage { int unused; };
