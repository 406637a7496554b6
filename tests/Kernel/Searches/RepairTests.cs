// SPDX-License-Identifier: MIT

using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Differences;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>The obvious repair of a known issue violates nothing: no property is about the code as it happens to be.</summary>
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

    private const string KeyFailsOnce = """
        virt/tdx: BIOS enabled: private KeyID range [32, 64)
        virt/tdx: CMR: [0x0, 0x100000000)
        tdxverify: memblock add 0x100000+0x40000000
        tdxverify: fault seamcall 31 1 1 0x8000080000000000
        tdxverify: step enable
        """;

    private static readonly string[] AllButTheReference =
        [.. PropertyCatalog.Usual.Where(static p => p is not DifferentialProperty).Select(static p => p.Id)];

    [Fact]
    public void ARepetitionOfTheKeyIsQuiet()
    {
        Assert.Equal([("S24", "retryable-latches")], Violations(KernelSearch.Options(KernelSource.RequireBuilt(), 1, AllButTheReference)));
        Assert.Empty(Violations(Repaired(1)));
    }

    [Fact]
    public void NothingIsViolatedByTheRepairThatIsNotKnown() =>
        Assert.Empty(KernelSearch.Unknown(KernelSearch.Run(Repaired(20_000) with { KeepsGoing = true })));

    private static CampaignPlan Repaired(ulong cases) =>
        KernelSearch.Options(Edits.Build(Tdx, Once, Repeated), cases, AllButTheReference);

    private static IEnumerable<(string Property, string? KnownIssue)> Violations(CampaignPlan plan)
    {
        using var executor = IExecutor.Of(plan);
        return [.. executor.Evaluate(ScenarioText.Read(KeyFailsOnce)).Violations.Select(static v => (v.Property, v.KnownIssue))];
    }
}
