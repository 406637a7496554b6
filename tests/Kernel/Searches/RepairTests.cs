// SPDX-License-Identifier: MIT

using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Differences;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>The obvious repairs of the findings in docs/findings violate nothing: no property is about the code as it happens to be.</summary>
public sealed class RepairTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Once =
        "do_global_key_config(void *unused)\n{\n\tstruct tdx_module_args args = {};\n\n\treturn seamcall_prerr(TDH_SYS_KEY_CONFIG, &args);\n}";

    /// <summary>TDX_KEY_GENERATION_FAILED is met up to ten times in a row.</summary>
    private const string Repeated = """
        do_global_key_config(void *unused);

        static u64 seamcall_repeated(u64 fn, struct tdx_module_args *args)
        {
        	int tries = 10;
        	u64 status;

        	do {
        		status = __seamcall(fn, args);
        	} while (status == 0x8000080000000000ULL && --tries);
        	return status;
        }

        static int do_global_key_config(void *unused)
        {
        	struct tdx_module_args args = {};

        	return sc_retry_prerr(seamcall_repeated, seamcall_err, TDH_SYS_KEY_CONFIG, &args);
        }
        """;

    private const string Freed = "\t\t\ttdmr_list->max_tdmrs * tdmr_list->tdmr_sz);\n}";
    private const string Forgotten = "\t\t\ttdmr_list->max_tdmrs * tdmr_list->tdmr_sz);\n\ttdmr_list->nr_consumed_tdmrs = 0;\n}";

    /// <summary>On 7.x it is met wherever a CPU leaves, initialisation that fails included.</summary>
    private const string Lockdep = "offline-asserts-preemption";

    private static readonly string[] AllButTheReference =
        [.. PropertyCatalog.Usual.Where(static p => p is not DifferentialProperty).Select(static p => p.Id)];

    [Theory]
    [InlineData("retryable-latches", "S24", Once, Repeated)]
    [InlineData("freed-tdmr-buffer", "U3", Freed, Forgotten)]
    public void ARepairIsQuiet(string issue, string property, string before, string after)
    {
        Assert.Equal([(property, issue)], Violations(issue, KernelSearch.Options(KernelSource.RequireBuilt(), 1, AllButTheReference)));
        Assert.Empty(Violations(issue, Repaired(before, after, 1)));
        Assert.Empty(KernelSearch.Unknown(KernelSearch.Run(Repaired(before, after, 20_000) with { KeepsGoing = true })));
    }

    private static CampaignPlan Repaired(string before, string after, ulong cases) =>
        KernelSearch.Options(Edits.Build(Tdx, before, after), cases, AllButTheReference);

    /// <summary>What the scenario of docs/findings violates, whatever it was kept for.</summary>
    private static IEnumerable<(string Property, string? KnownIssue)> Violations(string issue, CampaignPlan plan)
    {
        using var stream = typeof(RepairTests).Assembly.GetManifestResourceStream(issue + ".scn")!;
        using var reader = new StreamReader(stream);
        using var executor = IExecutor.Of(plan);
        var violations = executor.Evaluate(ScenarioText.Read(reader.ReadToEnd())).Violations;
        return [.. violations.Where(static v => v.KnownIssue != Lockdep).Select(static v => (v.Property, v.KnownIssue))];
    }
}
