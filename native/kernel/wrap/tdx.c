// SPDX-License-Identifier: GPL-2.0-only
/* arch/x86/virt/vmx/tdx/tdx.c as it is, and the calls that the rest of the kernel makes into it. */
#define ENV_RECORDED
#include <harness/kernel.h>
#include <harness/cpu.h>
#include <harness/memory.h>
#include <harness/platform.h>
#include KSRC_FILE(arch/x86/virt/vmx/tdx/tdx.c)

#include <env/boot.h>

/* Where a tree keeps whether the module is initialized, as a number: 1 if it is. */
#if defined(ENV_HAS_MODULE_STATE)
#define env_status tdx_module_state.initialized
#elif defined(ENV_HAS_MODULE_INITIALIZED)
#define env_status tdx_module_initialized
#else
#define env_status tdx_module_status
#endif

void env_tdx_init(void)
{
	tdx_init();
}

#ifdef ENV_HAS_ENABLE_INITCALL
/* The initcall runs once a boot; later calls return what it decided. */
static int env_enable(void)
{
	static bool has_run;

	if (has_run) {
		if (!boot_cpu_has(X86_FEATURE_TDX_HOST_PLATFORM))
			return -ENODEV;
		return env_status ? 0 : -EINVAL;
	}
	has_run = true;
	return tdx_enable();
}
#else
/* Every online CPU first, then the module: what KVM does. */
static int env_enable(void)
{
	int error = 0;

	for (env_cpu = 0; env_cpu < env_machine.cpus && !error; env_cpu++)
		error = tdx_cpu_enable();
	env_cpu = 0;
	if (!boot_cpu_has(X86_FEATURE_TDX_HOST_PLATFORM)) {
		/* Each of the two says so itself. */
		int second = tdx_enable();

		return second == -ENODEV ? error : second;
	}
	return error ? error : tdx_enable();
}
#endif

int env_tdx_enable(void)
{
	int error = env_enable();

	env_reset_end();
	return error;
}

/* Nothing, no memory error, and no address say nothing and ask nobody: -1 if one does. */
int env_tdx_machine_check(unsigned long address)
{
	struct mce m = { .addr = address };
	bool says = tdx_dump_mce_info(NULL);

	env_mce_is_other = true;
	says |= !!tdx_dump_mce_info(&m);
	env_mce_is_other = false;
	env_mce_has_no_address = true;
	says |= !!tdx_dump_mce_info(&m);
	env_mce_has_no_address = false;
	return says ? -1 : !!tdx_dump_mce_info(&m);
}

static unsigned long env_copy_list(struct list_head *list, unsigned long room,
				   struct env_entry *entries)
{
	struct tdx_memblock *tmb;
	unsigned long i = 0;

	list_for_each_entry(tmb, list, list) {
		if (i < room)
			entries[i] = (struct env_entry){ tmb->start_pfn, tmb->end_pfn, tmb->nid };
		if (++i > ENV_MAX_ENTRIES)
			break;
	}
	return i;
}

/* build_tdx_memlist() alone, on a list of its own. */
int env_tdx_build(unsigned long room, struct env_entry *entries)
{
	LIST_HEAD(list);
	int error = build_tdx_memlist(&list);

	return error ? error : (int)env_copy_list(&list, room, entries);
}

unsigned long env_tdx_memlist(unsigned long room, struct env_entry *entries)
{
	return env_copy_list(&tdx_memlist, room, entries);
}

void env_tdx_state(struct env_state *state)
{
	*state = (struct env_state){
		.global_keyid = tdx_global_keyid,
		.guest_keyid_start = tdx_guest_keyid_start,
		.guest_keyids = tdx_nr_guest_keyids,
		.has_tdx_host_capability = boot_cpu_has(X86_FEATURE_TDX_HOST_PLATFORM),
		.status = env_status,
		.tdmrs = tdx_tdmr_list.nr_consumed_tdmrs,
		.tdmr_bytes = tdx_tdmr_list.tdmr_sz,
		.can_suspend = !!acpi_suspend_lowlevel,
		.has_erratum = boot_cpu_has_bug(X86_BUG_TDX_PW_MCE),
		.buffer = (env_u64)tdx_tdmr_list.tdmrs,
	};
}
