/* SPDX-License-Identifier: GPL-2.0-only */
/* arch/x86/virt/vmx/tdx/tdx.c as it is, and what the rest of the kernel does with it. */
#define ENV_RECORDED
#include <env/kernel.h>
#include <env/cpu.h>
#include <env/memory.h>
#include <env/platform.h>
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

u64 __seamcall(u64 leaf, struct tdx_module_args *args)
{
	struct env_registers in = { args->rcx, args->rdx, args->r8, args->r9, args->r10, args->r11 };

	return env_seamcall(leaf, &in);
}

u64 __seamcall_ret(u64 leaf, struct tdx_module_args *args)
{
	struct env_registers both = { args->rcx, args->rdx, args->r8, args->r9, args->r10, args->r11 };
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

static struct notifier_block *env_notifier;

int register_memory_notifier(struct notifier_block *nb)
{
	if (!env_machine.notifier_errno)
		env_notifier = nb;
	return env_machine.notifier_errno;
}

void get_online_mems(void) { env_lock(ENV_MEM_HOTPLUG_READ); }
void put_online_mems(void) { env_unlock(ENV_MEM_HOTPLUG_READ); }

void env_tdx_init(void)
{
	tdx_init();
}

#ifdef ENV_HAS_ENABLE_INITCALL
/* Every online CPU is called, in order, until one refuses. */
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			int (*online)(unsigned int cpu), int (*offline)(unsigned int cpu), bool multi_instance)
{
	int error = 0;

	for (env_cpu = 0; env_cpu < env_machine.cpus && !error; env_cpu++)
		error = online(env_cpu);
	env_cpu = 0;
	return error ? error : state;
}

/* A CPU that goes leaves the module alone: nobody asks for it. */
void __cpuhp_remove_state(enum cpuhp_state state, bool invoke) { }
void register_syscore(struct syscore *syscore) { }

/* The initcall runs once a boot; who asks again gets what it decided. */
static int env_enable(void)
{
	static bool has_run;

	if (has_run)
		return !boot_cpu_has(X86_FEATURE_TDX_HOST_PLATFORM) ? -ENODEV : env_status ? 0 : -EINVAL;
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
	return error ? error : tdx_enable();
}
#endif

int env_tdx_enable(void)
{
	int error = env_enable();

	env_reset_end();
	return error;
}

/* The verdict, and what the chain sends after it. */
int env_tdx_notify(unsigned long start_pfn, unsigned long pages)
{
	struct memory_notify range = { .start_pfn = start_pfn, .nr_pages = pages };
	int verdict;

	if (!env_notifier)
		return NOTIFY_OK;
	verdict = env_notifier->notifier_call(env_notifier, MEM_GOING_ONLINE, &range);
	env_notifier->notifier_call(env_notifier, verdict == NOTIFY_OK ? MEM_ONLINE : MEM_CANCEL_ONLINE, &range);
	return verdict;
}

/* One notification, numbered as the tree's header does; two that are not in every tree never reach a notifier that knows none of them. */
int env_tdx_notify_action(int action, unsigned long start_pfn, unsigned long pages)
{
	static const unsigned long actions[] = {
		MEM_ONLINE, MEM_GOING_OFFLINE, MEM_OFFLINE, MEM_GOING_ONLINE, MEM_CANCEL_ONLINE, MEM_CANCEL_OFFLINE,
	};
	struct memory_notify range = { .start_pfn = start_pfn, .nr_pages = pages };

	if (!env_notifier || action >= ARRAY_SIZE(actions))
		return NOTIFY_OK;
	return env_notifier->notifier_call(env_notifier, actions[action], &range);
}

int env_tdx_machine_check(unsigned long address)
{
	struct mce m = { .addr = address };

	return tdx_dump_mce_info(&m) != NULL;
}

static unsigned long env_copy_list(struct list_head *list, unsigned long from, unsigned long room, struct env_entry *entries)
{
	struct tdx_memblock *tmb;
	unsigned long i = 0;

	list_for_each_entry(tmb, list, list) {
		if (i >= from && i - from < room)
			entries[i - from] = (struct env_entry){ tmb->start_pfn, tmb->end_pfn, tmb->nid };
		if (++i > ENV_MOST_ENTRIES)
			break;
	}
	return i;
}

/* build_tdx_memlist() alone, on a list of its own. */
int env_tdx_build(unsigned long room, struct env_entry *entries)
{
	LIST_HEAD(list);
	int error = build_tdx_memlist(&list);

	return error ? error : (int)env_copy_list(&list, 0, room, entries);
}

unsigned long env_tdx_memlist(unsigned long from, unsigned long room, struct env_entry *entries)
{
	return env_copy_list(&tdx_memlist, from, room, entries);
}

void env_tdx_state(struct env_state *state)
{
	*state = (struct env_state){
		.global_keyid = tdx_global_keyid,
		.guest_keyid_start = tdx_guest_keyid_start,
		.guest_keyids = tdx_nr_guest_keyids,
		.has_platform = boot_cpu_has(X86_FEATURE_TDX_HOST_PLATFORM),
		.status = env_status,
		.tdmrs = tdx_tdmr_list.nr_consumed_tdmrs,
		.tdmr_bytes = tdx_tdmr_list.tdmr_sz,
		.buffer = (env_u64)tdx_tdmr_list.tdmrs,
	};
}
