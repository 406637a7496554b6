/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: nothing sleeps. */
#pragma once

#define might_sleep() do { } while (0)
