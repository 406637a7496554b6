// SPDX-License-Identifier: GPL-2.0-only
/* arch/x86/virt/vmx/tdx/tdx.c as it is, and the calls that the rest of the kernel makes into it. */
#define ENV_RECORDED
#include <harness/kernel.h>
#include <harness/cpu.h>
#include <harness/memory.h>
#include <harness/platform.h>
#include <harness/everyday.h>
#include KSRC_FILE(arch/x86/virt/vmx/tdx/tdx.c)

#include <env/boot.h>

const unsigned long env_memlist_entry_bytes = sizeof(struct tdx_memblock);

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
/* TDX_FEATURES0: guests live through an update. The driver that offers one looks once. */
#define ENV_TD_PRESERVING 2
static bool env_has_driver;

/* The initcall runs once a boot; later calls return what it decided. */
static int env_enable(void)
{
	static bool has_run;
	int error;

	if (has_run) {
		if (!boot_cpu_has(X86_FEATURE_TDX_HOST_PLATFORM))
			return -ENODEV;
		return env_status ? 0 : -EINVAL;
	}
	has_run = true;
	error = tdx_enable();
	env_has_driver = tdx_get_sysinfo() &&
			 tdx_get_sysinfo()->features.tdx_features0 & ENV_TD_PRESERVING &&
			 !boot_cpu_has_bug(X86_BUG_SEAMRET_INVD_VMCS);
	return error;
}
#else
/* Every online CPU first, by an IPI each, then the module: what KVM does. */
static int env_enable(void)
{
	int error = 0;

	for (env_cpu = 0; env_cpu < env_machine.cpus && !error; env_cpu++) {
		env_atomic_begin(1);
		error = tdx_cpu_enable();
		env_atomic_end(1);
	}
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

#ifdef ENV_HAS_ENABLE_INITCALL
static int env_keyid_alloc(void)
{
	if (!tdx_get_sysinfo() || !tdx_get_nr_guest_keyids())
		return -ENODEV;
	return tdx_guest_keyid_alloc();
}

static int env_keyid_free(unsigned int keyid)
{
	if (!env_ida_has(&tdx_guest_keyid_pool, keyid))
		return -EINVAL;
	tdx_guest_keyid_free(keyid);
	return 0;
}

static void env_crash(void)
{
#ifdef ENV_HAS_SYS_DISABLE
	env_atomic_begin(1);
	tdx_sys_disable();
	env_atomic_end(1);
#endif
}

int env_live(int kind, int operand)
{
	switch (kind) {
	case ENV_CPU_ONLINE:
		return env_cpu_up(operand);
	case ENV_CPU_OFFLINE:
		return env_cpu_down(operand);
	case ENV_KEYID_ALLOC:
		return env_keyid_alloc();
	case ENV_KEYID_FREE:
		return env_keyid_free(operand);
	case ENV_SUSPEND:
		return env_suspend();
	case ENV_MODULE_UPDATE:
		return env_has_driver ? env_module_update(operand) : -ENOENT;
	case ENV_CRASH:
		env_crash();
		return 0;
	default:
		env_shutdown();
		return 0;
	}
}
#else
int env_live(int kind, int operand)
{
	return -EOPNOTSUPP;
}
#endif

/* Nothing, no memory error, and no address say nothing and ask nobody: -1 if one does. */
int env_tdx_machine_check(unsigned long address)
{
	struct mce m = { .addr = address };
	bool says;
	int result;

	env_atomic_begin(1);
	says = tdx_dump_mce_info(NULL);
	env_mce_is_other = true;
	says |= !!tdx_dump_mce_info(&m);
	env_mce_is_other = false;
	env_mce_has_no_address = true;
	says |= !!tdx_dump_mce_info(&m);
	env_mce_has_no_address = false;
	result = says ? -1 : !!tdx_dump_mce_info(&m);
	env_atomic_end(1);
	return result;
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

#ifdef ENV_HAS_SYSINFO
/* What KVM is told of the module, in the order in which it is read. */
static env_u64 env_sysinfo_digest(void)
{
	const struct tdx_sys_info *info = tdx_get_sysinfo();
	env_u64 digest = ENV_DIGEST;
	int i;

	if (!info)
		return 0;
	const env_u64 fields[] = {
		info->version.minor_version, info->version.major_version,
		info->version.update_version, info->features.tdx_features0,
		info->tdmr.max_tdmrs, info->tdmr.max_reserved_per_tdmr,
		info->tdmr.pamt_4k_entry_size, info->tdmr.pamt_2m_entry_size,
		info->tdmr.pamt_1g_entry_size, info->td_ctrl.tdr_base_size,
		info->td_ctrl.tdcs_base_size, info->td_ctrl.tdvps_base_size,
		info->td_conf.attributes_fixed0, info->td_conf.attributes_fixed1,
		info->td_conf.xfam_fixed0, info->td_conf.xfam_fixed1,
		info->td_conf.num_cpuid_config, info->td_conf.max_vcpus_per_td,
	};
	const int leaves = min_t(int, info->td_conf.num_cpuid_config,
				 ARRAY_SIZE(info->td_conf.cpuid_config_leaves));

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		digest = ENV_DIGEST_WITH(digest, fields[i]);
	for (i = 0; i < leaves; i++)
		digest = ENV_DIGEST_WITH(digest, info->td_conf.cpuid_config_leaves[i]);
	for (i = 0; i < 2 * leaves; i++)
		digest = ENV_DIGEST_WITH(digest,
					 info->td_conf.cpuid_config_values[i / 2][i % 2]);
	return digest;
}
#else
static env_u64 env_sysinfo_digest(void)
{
	return 0;
}
#endif

static env_u64 env_online_cpus(void)
{
#ifdef ENV_HAS_ENABLE_INITCALL
	return cpumask_bits(&__cpu_online_mask)[0];
#else
	return 0;
#endif
}

static env_u64 env_keyids_in_use(void)
{
#ifdef ENV_HAS_ENABLE_INITCALL
	return tdx_guest_keyid_pool.count;
#else
	return 0;
#endif
}

/* A bit for each of the first 64 CPUs: kexec has to flush its caches. */
static env_u64 env_incoherent_caches(void)
{
	env_u64 mask = 0;
	int cpu;

	for (cpu = 0; cpu < env_machine.cpus && cpu < 64; cpu++)
		mask |= (env_u64)cache_state_incoherent[cpu] << cpu;
	return mask;
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
		.has_seamret_bug = boot_cpu_has_bug(X86_BUG_SEAMRET_INVD_VMCS),
		.incoherent_caches = env_incoherent_caches(),
		.sysinfo_digest = env_sysinfo_digest(),
		.online_cpus = env_online_cpus(),
		.keyids_in_use = env_keyids_in_use(),
		.buffer = (env_u64)tdx_tdmr_list.tdmrs,
	};
}
