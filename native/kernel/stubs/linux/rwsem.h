/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once
struct rw_semaphore { int unused; };
