/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutexes, spinlocks and lockdep. */
#pragma once
#include <harness/kernel.h>
#include <linux/cleanup.h>
#include <stubs/lock.h>
#include <fakes/lock.h>
#include <dup/lock.h>
