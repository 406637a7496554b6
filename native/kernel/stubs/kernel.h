/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubs: what is asked of a kernel that does nothing else meanwhile. */
#pragma once
