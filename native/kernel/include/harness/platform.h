/* SPDX-License-Identifier: GPL-2.0-only */
/* ACPI, suspend and machine checks. */
#pragma once
#include <harness/kernel.h>
#include <uapi/asm/mce.h>
#include <fakes/platform.h>
