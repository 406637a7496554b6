// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Faults in a kernel's source, one token or line each, with the properties that may name them.</summary>
internal static class SourceMutants
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Memblock = "mm/memblock.c";
    private const string Sort = "lib/sort.c";
    private const string TdxHeader = "arch/x86/virt/vmx/tdx/tdx.h";
    private const string AsmHeader = "arch/x86/include/asm/tdx.h";
    private const string Internal = "arch/x86/virt/vmx/tdx/seamcall_internal.h";
    private const string Metadata = "arch/x86/virt/vmx/tdx/tdx_global_metadata.c";

    // Code that the initcall brought, and code that went between 6.12 and it; releases between have some of each.
    private static readonly Version Since71 = new(7, 1);
    private static readonly Version Until71 = new(6, 13);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SourceEdit> All { get; } =
    [
        new("no-first-mib-filter", Tdx, "start_pfn = max(start_pfn, PHYS_PFN(SZ_1M));", "", "T24", "T15", "A1"),
        new("first-mib-skips", Tdx, "start_pfn = max(start_pfn, PHYS_PFN(SZ_1M));\n\t\tif (start_pfn >= end_pfn)", "if (start_pfn < PHYS_PFN(SZ_1M))", "T3"),
        new("hole-scan-without-break", Tdx, "if (start >= tdmr_end(tdmr))\n\t\t\tbreak;", "", "T12"),
        new("empty-hole", Tdx, "if (start <= prev_end) {", "if (start < prev_end) {", "T13"),
        new("empty-tail", Tdx, "if (prev_end < tdmr_end(tdmr)) {", "if (prev_end <= tdmr_end(tdmr)) {", "T13"),
        new("nid-at-end", Tdx, "if (tmb->end_pfn > PHYS_PFN(tdmr->base))", "if (tmb->end_pfn >= PHYS_PFN(tdmr->base))", "T24"),
        new("fill-empty-tdmr", Tdx, "if (end <= tdmr_end(tdmr))", "if (end < tdmr_end(tdmr))", "T2", "T4"),
        new("fill-overlapping", Tdx, "start = tdmr_end(tdmr);", "start = start;", "T2"),
        new("tdmrs-one-more", Tdx, "if (tdmr_idx >= tdmr_list->max_tdmrs) {", "if (tdmr_idx > tdmr_list->max_tdmrs) {", "K1"),
        new("last-tdmr-lost", Tdx, "nr_consumed_tdmrs = tdmr_idx + 1;", "nr_consumed_tdmrs = tdmr_idx;", "T3", "T5"),
        new("floor-is-ceil", Tdx, "start = TDMR_ALIGN_DOWN(", "start = TDMR_ALIGN_UP(", "T3"),
        new("end-not-rounded", Tdx, "end   = TDMR_ALIGN_UP(PFN_PHYS(tmb->end_pfn));", "end   = PFN_PHYS(tmb->end_pfn);", "T1"),
        new("align-2m", Tdx, "#define TDMR_ALIGNMENT\t\tSZ_1G", "#define TDMR_ALIGNMENT\t\tSZ_2M", "T1"),
        new("pamt-overlap-4k-only", Tdx, "pamt_end = pamt_base + pamt_size;", "pamt_end = pamt_base + tmp->pamt_4k_size;", "T16"),
        new("pamt-not-own", Tdx, "tdmr_get_pamt(tmp, &pamt_base, &pamt_size);", "if (tmp == tdmr)\n\t\t\tcontinue;\n\t\ttdmr_get_pamt(tmp, &pamt_base, &pamt_size);", "T16"),
        new("pamt-start-unclipped", Tdx, "if (pamt_base < tdmr->base)\n\t\t\tpamt_base = tdmr->base;", "", "T12"),
        new("pamt-end-unclipped", Tdx, "if (pamt_end > tdmr_end(tdmr))\n\t\t\tpamt_end = tdmr_end(tdmr);", "", "T12"),
        new("pamt-touching", Tdx, "if ((pamt_end <= tdmr->base) ||", "if ((pamt_end < tdmr->base) ||", "T13"),
        new("pamt-touching-end", Tdx, "(pamt_base >= tdmr_end(tdmr)))", "(pamt_base > tdmr_end(tdmr)))", "T13"),
        new("sort-missing", Tdx, "sort(tdmr->reserved_areas, rsvd_idx,", "sort(tdmr->reserved_areas, 0,", "T10"),
        new("offset-absolute", Tdx, ".offset = addr - tdmr->base;", ".offset = addr;", "T12", "T16"),
        new("pamt-2m-1g-swapped", Tdx, "tdmr->pamt_2m_base = pamt_base[TDX_PS_2M];", "tdmr->pamt_2m_base = pamt_base[TDX_PS_1G];", "T14", "T22", "T23"),
        new("pamt-1g-not-rounded", Tdx, "pamt_sz = ALIGN(pamt_sz, PAGE_SIZE);", "pamt_sz = pgsz == TDX_PS_1G ? pamt_sz : ALIGN(pamt_sz, PAGE_SIZE);", "K3"),
        new("online-too-late", Tdx, "if (action != MEM_GOING_ONLINE)", "if (action != MEM_ONLINE)", "H1"),
        new("online-count-as-end", Tdx, "is_tdx_memory(mn->start_pfn, mn->start_pfn + mn->nr_pages)", "is_tdx_memory(mn->start_pfn, mn->nr_pages)", "H1"),
        new("online-overlap", Tdx, "if (start_pfn >= tmb->start_pfn && end_pfn <= tmb->end_pfn)", "if (start_pfn < tmb->end_pfn && end_pfn > tmb->start_pfn)", "H1"),
        new("areas-one-more", Tdx, "if (idx >= max_reserved_per_tdmr) {", "if (idx > max_reserved_per_tdmr) {", "T7", "T15"),
        new("areas-dropped", Tdx, "reserved areas exhausted.\\n\",\n\t\t\t\ttdmr->base, tdmr_end(tdmr));\n\t\treturn -ENOSPC;", "reserved areas exhausted.\\n\",\n\t\t\t\ttdmr->base, tdmr_end(tdmr));\n\t\treturn 0;", "T7", "T15"),
        new("pamt-int", Tdx, "unsigned long pamt_sz, nr_pamt_entries;", "unsigned long pamt_sz; unsigned int nr_pamt_entries;", "T20"),
        new("read-failure-ignored", Tdx, "ret = seamcall_prerr_ret(TDH_SYS_RD, &args);\n\tif (ret)\n\t\treturn ret;", "ret = seamcall_prerr_ret(TDH_SYS_RD, &args);", "S22"),
        new("sys-init-retried", Tdx, "sysinit_done = true;", "sysinit_done = !sysinit_ret;", "S2") { Until = Until71 },
        new("pamts-kept-on-failure", Tdx, "err:\n\ttdmrs_free_pamt_all(tdmr_list);\n\treturn ret;", "err:\n\treturn ret;", "U1"),
        new("pamts-freed-twice", Tdx, "err:\n\ttdmrs_free_pamt_all(tdmr_list);", "err:\n\ttdmrs_free_pamt_all(tdmr_list);\n\ttdmrs_free_pamt_all(tdmr_list);", "U2"),
        new("memlist-kept", Tdx, "err_free_tdxmem:\n\tfree_tdx_memlist(&tdx_memlist);", "err_free_tdxmem:", "L8"),
        new("empty-list-rejects", Tdx, "if (list_empty(&tdx_memlist))\n\t\treturn NOTIFY_OK;", "", "H2"),
        new("one-keyid-enough", Tdx, "if (nr_tdx_keyids < 2) {", "if (nr_tdx_keyids < 1) {", "G2"),
        new("keyid-start-off-by-one", Tdx, "_tdx_keyid_start = _nr_mktme_keyids + 1;", "_tdx_keyid_start = _nr_mktme_keyids;", "G5"),
        new("guest-keyid-shared", Tdx, "tdx_guest_keyid_start = tdx_keyid_start + 1;", "tdx_guest_keyid_start = tdx_keyid_start;", "G6"),
        new("hibernation-ignored", Tdx, "if (hibernation_available()) {", "if (0) {", "G1"),
        new("entropy-once", AsmHeader, "int retry = RDRAND_RETRY_LOOPS;", "int retry = 1;", "S23") { Until = Until71 },
        new("entropy-once", Internal, "int retry = RDRAND_RETRY_LOOPS;", "int retry = 1;", "S23") { Since = Since71 },
        new("hotplug-lock-missing", Tdx, "get_online_mems();", "", "K2"),
        new("hotplug-lock-kept", Tdx, "put_online_mems();\n\treturn ret;", "return ret;", "U14"),
        new("flush-missing", Tdx, "free_cpumask_var(packages);\n\treturn ret;", "return ret;", "U15"),
        new("no-wbinvd", Tdx, "wbinvd_on_all_cpus();\n\n\tfor_each_online_cpu(cpu) {", "for_each_online_cpu(cpu) {", "S7"),
        new("unwind-without-reset", Tdx, "tdmrs_reset_pamt_all(&tdx_tdmr_list);", "", "U6") { Until = Until71 },
        new("unwind-without-reset", Tdx, "tdmrs_quirk_reset_pamt_all(&tdx_tdmr_list);", "", "U6") { Since = Since71 },
        new("tdmr-init-once", Tdx, "} while (next < tdmr->base + tdmr->size);", "} while (0);", "S8"),
        new("key-every-cpu", Tdx, "if (cpumask_test_and_set_cpu(topology_physical_package_id(cpu),\n\t\t\t\t\tpackages))\n\t\t\tcontinue;", "", "S4"),
        new("pa-array-leaked", Tdx, "kfree(tdmr_pa_array);", "", "U15", "U1"),
        new("module-lock-missing", Tdx, "mutex_lock(&tdx_module_lock);", "", "U14") { Until = Until71 },
        new("tdmr-buffer-leaked", Tdx, "err_free_tdmrs:\n\tfree_tdmr_list(&tdx_tdmr_list);", "err_free_tdmrs:", "U1"),
        new("buffer-off-by-one", Tdx, "return (void *)tdmr_list->tdmrs + tdmr_info_offset;", "return (void *)tdmr_list->tdmrs + tdmr_info_offset + tdmr_list->tdmr_sz;", "K1"),
        new("module-status-unset", Tdx, "tdx_module_status = TDX_MODULE_ERROR;", "", "U9", "U10") { Until = Until71 },
        new("module-status-unset", Tdx, "register_syscore(&tdx_syscore);\n\n\ttdx_module_state.initialized = true;", "register_syscore(&tdx_syscore);", "U13", "K4") { Since = Since71 },
        new("merge-across-nodes", Memblock, "memblock_get_region_node(this) !=\n\t\t    memblock_get_region_node(next) ||", "", "B2"),
        new("merge-across-flags", Memblock, "this->flags != next->flags) {", "0) {", "M6"),
        new("merge-never", Memblock, "if (this->base + this->size != next->base ||", "if (1 ||", "M4"),
        new("pfn-outward", Memblock, "*out_start_pfn = PFN_UP(r->base);", "*out_start_pfn = PFN_DOWN(r->base);", "L5"),
        new("isolate-start-only", Memblock, "} else if (rend > end) {", "} else if (0) {", "M"),
        new("insert-attributes", Memblock, "rgn->flags = flags;\n\tmemblock_set_region_node(rgn, nid);", "rgn->flags = flags;\n\tmemblock_set_region_node(rgn, 0);", "M6"),
        new("add-forgets-tail", Memblock, "/* insert the remaining portion */\n\tif (base < end) {", "if (0) {", "B1"),
        new("remove-one-too-many", Memblock, "for (i = end_rgn - 1; i >= start_rgn; i--)", "for (i = end_rgn; i >= start_rgn; i--)", "M"),
        new("limits-read-backwards", Tdx, "for (i = 0; i < ARRAY_SIZE(fields); i++) {", "for (i = ARRAY_SIZE(fields) - 1; i >= 0; i--) {", "K4") { Until = Until71 },
        new("limits-read-backwards", Metadata, "if (!ret && !(ret = read_sys_metadata_field(0x9100000100000008, &val)))\n\t\tsysinfo_tdmr->max_tdmrs = val;\n\tif (!ret && !(ret = read_sys_metadata_field(0x9100000100000009, &val)))\n\t\tsysinfo_tdmr->max_reserved_per_tdmr = val;", "if (!ret && !(ret = read_sys_metadata_field(0x9100000100000009, &val)))\n\t\tsysinfo_tdmr->max_reserved_per_tdmr = val;\n\tif (!ret && !(ret = read_sys_metadata_field(0x9100000100000008, &val)))\n\t\tsysinfo_tdmr->max_tdmrs = val;", "K4") { Since = Since71 },
        new("limit-of-another-field", Metadata, "0x9100000100000009", "0x9100000100000008", "T6", "T7", "A1", "K4") { Since = Since71 },
        new("erratum-ignored", Tdx, "if (!boot_cpu_has_bug(X86_BUG_TDX_PW_MCE))\n\t\treturn;", "", "U", "K4") { Since = Since71 },
        new("cpu-callback-skips-lp-init", Tdx, "ret = tdx_cpu_enable();", "ret = 0;", "S1", "S", "A1") { Since = Since71 },
        new("areas-of-any-bytes", Tdx, "ret = tdmr_add_rsvd_area(tdmr, rsvd_idx, prev_end,\n\t\t\t\tstart - prev_end,", "ret = tdmr_add_rsvd_area(tdmr, rsvd_idx, prev_end,\n\t\t\t\tstart - prev_end - 1,", "K3"),
        new("online-start-only", Tdx, "if (start_pfn >= tmb->start_pfn && end_pfn <= tmb->end_pfn)", "if (start_pfn >= tmb->start_pfn && start_pfn < tmb->end_pfn)", "H1"),
        new("entry-without-nid", Tdx, "tmb->nid = nid;", "tmb->nid = 0;", "L7", "T24"),
        new("tdmr-init-past-end", Tdx, "} while (next < tdmr->base + tdmr->size);", "} while (next <= tdmr->base + tdmr->size);", "A1"),
        new("unwind-without-flush", Tdx, "wbinvd_on_all_cpus();\n\t/*\n\t * According", "/*\n\t * According", "U5") { Until = Until71 },
        new("unwind-without-flush", Tdx, "wbinvd_on_all_cpus();\n\ttdmrs_quirk", "tdmrs_quirk", "U5") { Since = Since71 },
        new("config-failure-ignored", Tdx, "if (ret)\n\t\tgoto err_free_pamts;", "", "S22"),
        new("no-module-is-io", Tdx, "if (sret == TDX_SEAMCALL_VMFAILINVALID)\n\t\treturn -ENODEV;", "", "S20") { Until = Until71 },
        new("no-module-is-io", Internal, "if (sret == TDX_SEAMCALL_VMFAILINVALID)\n\t\treturn -ENODEV;", "", "S20") { Since = Since71 },
        new("notifier-failure-ignored", Tdx, "err = register_memory_notifier(&tdx_memory_nb);\n\tif (err) {", "err = register_memory_notifier(&tdx_memory_nb);\n\tif (0) {", "G3"),
        new("enable-repeats", Tdx, "case TDX_MODULE_INITIALIZED:\n\t\t/* Already", "case 77:\n\t\t/* Already", "U10", "L9", "U9") { Until = Until71 },
        new("rdmd-failure-ignored", Tdx, "if (sret)\n\t\treturn false;", "", "K4"),
        new("pa-array-alignment", TdxHeader, "#define TDMR_INFO_PA_ARRAY_ALIGNMENT\t512", "#define TDMR_INFO_PA_ARRAY_ALIGNMENT\t8", "T1"),
        new("tdmr-alignment", TdxHeader, "#define TDMR_INFO_ALIGNMENT\t512", "#define TDMR_INFO_ALIGNMENT\t64", "S25"),
        new("warn-at-limit", TdxHeader, "#define TDMR_NR_WARN 4", "#define TDMR_NR_WARN 1", "K4"),
        new("sort-compares-backwards", Sort, "b = do_cmp(base + c, base + d, cmp_func, priv) > 0 ? c : d;", "b = do_cmp(base + c, base + d, cmp_func, priv) < 0 ? c : d;", "T10"),
        new("sort-last-pair", Sort, "if (n == size * 2 && do_cmp(base, base + size, cmp_func, priv) > 0)", "if (0)", "T10"),
        new("sort-stops-early", Sort, "else if (n > 3 * size)", "else if (n > 4 * size)", "T10"),
        new("add-over", Memblock, "if (rbase > base) {", "if (1) {", "M"),
        new("remove-shifts-too-little", Memblock, "(type->cnt - (r + 1)) * sizeof(type->regions[r])", "(type->cnt - (r + 2)) * sizeof(type->regions[r])", "M"),
        new("wrong-entropy-status", AsmHeader, "} while (ret == TDX_RND_NO_ENTROPY && --retry);", "} while (ret && --retry);", "S22") { Until = Until71 },
        new("wrong-entropy-status", Internal, "} while (ret == TDX_RND_NO_ENTROPY && --retry);", "} while (ret && --retry);", "S22") { Since = Since71 },
    ];

    /// <summary>Those of the release that the tests compile.</summary>
    public static IReadOnlyList<SourceEdit> OfRelease { get; } = [.. All.Where(static e => e.AppliesTo(KernelSource.Release))];

    /// <summary>The edit of that name.</summary>
    public static SourceEdit Find(string name) => OfRelease.FirstOrDefault(e => e.Name == name) ?? throw new ArgumentException(name);
}
