/* SPDX-License-Identifier: GPL-2.0-only */
/* Cases for the plain C loop, and what its module knows of the SEAMCALL ABI. */
#pragma once
#include "boot.h"

/* StepKind of a scenario, as far as the loop takes them; it takes any other as a machine check. */
enum env_step_kind {
	ENV_STEP_ENABLE,
	ENV_STEP_ADD_MEMORY,
	ENV_STEP_GOING_ONLINE,
	ENV_STEP_MACHINE_CHECK,
};

struct env_step {
	int kind, nid;
	env_u64 address, size;
};

struct env_case {
	struct env_machine machine;
	const struct env_memblock_call *calls;
	const struct env_step *steps;
	unsigned int call_count, step_count;
};

/* Leaf function and metadata fields of the Intel TDX module ABI. */
#define ENV_TDH_SYS_RD 34
#define ENV_MD_TDX_FEATURES0 0x0a00000300000008ULL
#define ENV_MD_MAX_TDMRS 0x9100000100000008ULL
