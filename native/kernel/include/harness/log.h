/* SPDX-License-Identifier: GPL-2.0-only */
/* printk(), WARN() and BUG(). */
#pragma once
#include <env/env.h>
#include <linux/kern_levels.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/stddef.h>
#include <stubs/log.h>
#include <fakes/log.h>
#include <dup/log.h>
