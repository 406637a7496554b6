// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Faults in the notifier, in the list's lifetime and in the locks of a kernel's source, found by sequences of hotplug and shrunk.</summary>
public sealed class SequenceMutantTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const ulong Cases = 4000;
    private const int Seeds = 20;

    /// <summary>Edits with the properties that may name them.</summary>
    private static readonly SourceEdit[] All =
    [
        new("online-too-late", Tdx, "if (action != MEM_GOING_ONLINE)", "if (action != MEM_ONLINE)", "H1", "H5"),
        new("online-count-as-end", Tdx, "is_tdx_memory(mn->start_pfn, mn->start_pfn + mn->nr_pages)", "is_tdx_memory(mn->start_pfn, mn->nr_pages)", "H1", "H5"),
        new("online-below-end", Tdx, "if (start_pfn >= tmb->start_pfn && end_pfn <= tmb->end_pfn)", "if (start_pfn >= tmb->start_pfn && end_pfn < tmb->end_pfn)", "H3", "H11"),
        new("online-start-only", Tdx, "if (start_pfn >= tmb->start_pfn && end_pfn <= tmb->end_pfn)", "if (start_pfn >= tmb->start_pfn && start_pfn < tmb->end_pfn)", "H4"),
        new("empty-list-rejects", Tdx, "if (list_empty(&tdx_memlist))\n\t\treturn NOTIFY_OK;", "", "H2"),
        new("every-action", Tdx, "if (action != MEM_GOING_ONLINE)\n\t\treturn NOTIFY_OK;", "", "K4", "H"),
        new("memlist-kept", Tdx, "err_free_tdxmem:\n\tfree_tdx_memlist(&tdx_memlist);", "err_free_tdxmem:", "L8", "H2"),
        new("memlist-freed", Tdx, "tdx_module_status = TDX_MODULE_INITIALIZED;", "tdx_module_status = TDX_MODULE_INITIALIZED; free_tdx_memlist(&tdx_memlist);", "K2") { Until = new(6, 13) },
        new("memlist-freed", Tdx, "register_syscore(&tdx_syscore);\n\n\ttdx_module_state.initialized = true;", "tdx_module_state.initialized = true; free_tdx_memlist(&tdx_memlist);", "K2") { Since = new(7, 1) },
        new("hotplug-lock-missing", Tdx, "get_online_mems();", "", "K2"),
        new("hotplug-lock-first", Tdx, "mutex_lock(&tdx_module_lock);", "get_online_mems(); mutex_lock(&tdx_module_lock); put_online_mems();", "H15") { Until = new(6, 13) },
        new("hotplug-lock-kept", Tdx, "put_online_mems();\n\treturn ret;", "return ret;", "U14"),
    ];

    private static readonly SourceEdit[] Edits = [.. All.Where(static e => e.AppliesTo(KernelSource.Release))];

    private static readonly EditRuns Runs = new(Edits, Cases, Strategy.Sequences);

    public static TheoryData<string> Names => [.. Edits.Select(static e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void APlantedFaultIsFound(string name)
    {
        var edit = Array.Find(Edits, e => e.Name == name)!;
        var ids = KernelSearch.Unknown(Runs.Of(edit)).ToList();
        Assert.True(ids.Exists(edit.IsNamedBy), $"{name}: expected one of {string.Join(", ", edit.Breaks)}, found {(ids.Count == 0 ? "nothing" : string.Join(", ", ids))}");
    }

    /// <summary>Edit, property, and how many steps a person would write.</summary>
    public static TheoryData<string, string, int> Shortest
    {
        get
        {
            (string Name, string Property, int Steps)[] rows =
            [
                ("online-too-late", "H5", 3), ("online-count-as-end", "H5", 3), ("online-below-end", "H3", 3), ("online-start-only", "H4", 3),
                ("empty-list-rejects", "H2", 2), ("every-action", "K4", 3), ("memlist-kept", "H2", 3), ("memlist-freed", "K2", 2),
                ("hotplug-lock-missing", "K2", 2), ("hotplug-lock-first", "H15", 2), ("hotplug-lock-kept", "U14", 2),
            ];
            var data = new TheoryData<string, string, int>();
            foreach (var row in rows.Where(static r => Array.Exists(Edits, e => e.Name == r.Name)))
            {
                data.Add(row.Name, row.Property, row.Steps);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shortest))]
    public void ItIsShrunkToWhatAPersonWouldWrite(string name, string statement, int steps)
    {
        var built = EditRuns.Build(KernelSource.Require(), Array.Find(Edits, e => e.Name == name)!);
        var isShort = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var options = KernelSearch.Options(built, Cases, statement) with { Strategy = Strategy.Sequences, Seed = seed, Worker = null };
            var found = KernelSearch.Run(options).Violations.FirstOrDefault(static f => f.KnownIssue is null);
            Assert.True(found.Property is not null, $"{name} does not break {statement} with seed {seed}");
            isShort += new FindingShrinker(options).Shrink(found).Scenario.Steps.Count <= steps ? 1 : 0;
        }

        Assert.InRange(isShort, Seeds * 95 / 100, Seeds);
    }
}
