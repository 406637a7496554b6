// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Edits of a kernel's source that nobody outside can tell.</summary>
internal static class NeutralEdits
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Memblock = "mm/memblock.c";
    private const string Sort = "lib/sort.c";
    private const string TdxHeader = "arch/x86/virt/vmx/tdx/tdx.h";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SourceEdit> All { get; } =
    [
        new("comment-only", Tdx, "/* Exclude regions before this TDMR */", "/* Regions before this TDMR are left out. */"),
        new("end-touching", Tdx, "if (end < tdmr->base)", "if (end <= tdmr->base)"),
        new("start-at-end", Tdx, "if (start >= tdmr_end(tdmr))\n\t\t\tbreak;", "if (start > tdmr_end(tdmr))\n\t\t\tbreak;"),
        new("highest-end", Tdx, "if (start <= prev_end) {\n\t\t\tprev_end = end;", "if (start <= prev_end) {\n\t\t\tprev_end = max(prev_end, end);"),
        new("sort-first-of-equals", Sort, "while (b != a && do_cmp(base + a, base + b, cmp_func, priv) >= 0)", "while (b != a && do_cmp(base + a, base + b, cmp_func, priv) > 0)"),
        new("empty-ranges-listed", Memblock, "if (PFN_UP(r->base) >= PFN_DOWN(r->base + r->size))\n\t\t\tcontinue;", ""),
        new("renamed-local", Tdx, "unsigned long pamt_size = 0;\n\tint i;\n\n\tfor (i = 0; i < tdmr_list->nr_consumed_tdmrs; i++) {\n\t\tunsigned long base, size;\n\n\t\ttdmr_get_pamt(tdmr_entry(tdmr_list, i), &base, &size);\n\t\tpamt_size += size;\n\t}\n\n\treturn pamt_size / 1024;", "unsigned long total = 0;\n\tint i;\n\n\tfor (i = 0; i < tdmr_list->nr_consumed_tdmrs; i++) {\n\t\tunsigned long base, size;\n\n\t\ttdmr_get_pamt(tdmr_entry(tdmr_list, i), &base, &size);\n\t\ttotal += size;\n\t}\n\n\treturn total / 1024;"),
        new("statements-swapped", Tdx, "tmb->start_pfn = start_pfn;\n\ttmb->end_pfn = end_pfn;", "tmb->end_pfn = end_pfn;\n\ttmb->start_pfn = start_pfn;"),
        new("tests-swapped", Tdx, "if ((pamt_end <= tdmr->base) ||\n\t\t\t\t(pamt_base >= tdmr_end(tdmr)))", "if ((pamt_base >= tdmr_end(tdmr)) ||\n\t\t\t\t(pamt_end <= tdmr->base))"),
        new("entry-grows", TdxHeader, "unsigned long end_pfn;\n\tint nid;", "unsigned long end_pfn;\n\tint nid;\n\tunsigned long spare;"),
        new("format-width", Tdx, "pr_err(\"SEAMCALL (0x%016llx) failed: 0x%016llx\\n\", fn, err);", "pr_err(\"SEAMCALL (0x%llx) failed: 0x%llx\\n\", fn, err);") { Until = new(6, 13) },
        new("sort-comment", Sort, "/* Now backtrack from \"b\" to the correct location for \"a\" */", "/* Back to where \"a\" belongs. */"),
        new("shift-is-multiplication", Sort, "a -= size << shift;", "a -= size * (1 + shift);"),
        new("debug-line", Tdx, "ret = fill_out_tdmrs(tmb_list, tdmr_list);", "pr_debug(\"filling\\n\");\n\tret = fill_out_tdmrs(tmb_list, tdmr_list);"),
    ];

    /// <summary>Those of the release that the tests compile.</summary>
    public static IReadOnlyList<SourceEdit> OfRelease { get; } = [.. All.Where(static e => e.AppliesTo(KernelSource.Release))];

    /// <summary>The edit of that name.</summary>
    public static SourceEdit Find(string name) => OfRelease.FirstOrDefault(e => e.Name == name) ?? throw new ArgumentException(name);
}
