/* SPDX-License-Identifier: GPL-2.0-only */
/* Processors: their features, registers, numbers and variables. */
#pragma once
#include <harness/kernel.h>
#include <harness/lock.h>
#include <asm/cpufeatures.h>
#include <asm/asm.h>
#include <asm/barrier.h>
#include <asm/intel-family.h>
#include <asm/msr-index.h>
#include <asm/shared/msr.h>
#include <linux/cpuhotplug.h>
#include <linux/errno.h>
#include <stubs/cpu.h>
#include <fakes/percpu.h>
#include <dup/cpumask.h>
#include <fakes/cpu.h>
#include <fakes/movdir64b.h>
