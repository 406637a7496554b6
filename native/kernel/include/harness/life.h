/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel needs that runs: KeyIDs of guests, and a machine that stops. */
#pragma once
#include <harness/cpu.h>
#include <fakes/idr.h>
#include <fakes/stop_machine.h>
