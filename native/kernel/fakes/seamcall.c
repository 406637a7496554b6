// SPDX-License-Identifier: GPL-2.0-only
/* Fakes of arch/x86/virt/vmx/tdx/seamcall.S: SEAMCALLs go to the simulated TDX module. */
#include <harness/kernel.h>
#include <asm/shared/tdx.h>

u64 __seamcall(u64 leaf, struct tdx_module_args *args)
{
	struct env_registers in = {
		args->rcx, args->rdx, args->r8, args->r9, args->r10, args->r11
	};

	return env_seamcall(leaf, &in);
}

u64 __seamcall_ret(u64 leaf, struct tdx_module_args *args)
{
	struct env_registers both = {
		args->rcx, args->rdx, args->r8, args->r9, args->r10, args->r11
	};
	u64 status = env_seamcall(leaf, &both);

	args->rcx = both.rcx;
	args->rdx = both.rdx;
	args->r8 = both.r8;
	args->r9 = both.r9;
	args->r10 = both.r10;
	args->r11 = both.r11;
	return status;
}

u64 __seamcall_saved_ret(u64 leaf, struct tdx_module_args *args)
{
	return __seamcall_ret(leaf, args);
}
