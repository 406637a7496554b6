// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Shrinking;
using TdxVerify.Search;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Survival;

/// <summary>Kernel code that does not come back: whatever it does, it is a finding with a scenario, and the search goes on behind it.</summary>
public sealed class DeathTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Place = "\ttdmr_list->nr_consumed_tdmrs = tdmr_idx + 1;\n";

    // Nineteen TDMRs are rare: a death costs a start of a process, or the hang timeout. Ten are met before and behind it.
    private const ulong Cases = 256;
    private const string Rarely = "\tif (tdmr_idx == 18) { ";
    private const string Besides = " }\n\tWARN_ON(tdmr_idx == 9);\n";

    /// <summary>As long as a start takes on a busy machine, and more.</summary>
    private static readonly TimeSpan ShortHangTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What happens, how it is done, what it is called and what a reader is told.</summary>
    public static TheoryData<string, string, string, CrashKind, string> Deaths => new()
    {
        { "null pointer", "*(volatile int *)0 = 1;", "K1", CrashKind.Fault, "in fill_out_tdmrs() at arch/x86/virt/vmx/tdx/tdx.c:" },
        { "BUG_ON", "BUG_ON(tdmr_idx > 2);", "K1", CrashKind.Bug, "BUG_ON(tdmr_idx > 2)" },
        { "panic", "panic(\"too many TDMRs\");", "K1", CrashKind.Panic, "too many TDMRs" },
        { "stack overwritten", "memset(__builtin_frame_address(0), 0x5a, 1 << 16);", "K1", CrashKind.Lost, "" },
        { "exit", "extern void _exit(int); _exit(3);", "K1", CrashKind.Lost, "exit code 3" },
        { "abort", "extern void abort(void); abort();", "K1", CrashKind.Lost, "killed by signal 6" },
        { "SIGKILL", "extern int raise(int); raise(9);", "K1", CrashKind.Lost, "killed by signal 9" },
        { "for ever", "for (;;) ;", "K1", CrashKind.Lost, "no answer for 5 s" },
        { "SEAMCALLs for ever", "for (;;) { struct tdx_module_args args = {}; __seamcall_ret(TDH_SYS_LP_INIT, &args); }", "S9", default, "" },
    };

    [Theory]
    [MemberData(nameof(Deaths))]
    public void ADeathIsAFindingAndTheSearchGoesOn(string name, string code, string statement, CrashKind death, string words)
    {
        var campaign = KernelSearch.Run(Options(name, Rarely + code + Besides, statement, "K3") with { KeepsGoing = true, Worker = KernelSearch.Worker(ShortHangTimeout) });

        // Every case counts, those that died too; and what other cases break is not lost.
        Assert.Equal(Cases, campaign.Cases);
        var unknown = campaign.Violations.Where(static f => f.KnownIssue is null).ToList();
        Assert.Equal(new[] { "K3", statement }.Order(StringComparer.Ordinal), unknown.Select(static f => f.Property).Order(StringComparer.Ordinal));
        var found = unknown.First(f => f.Property == statement);
        Assert.True(statement != "K1" || death == (CrashKind)found.Verdict.Got, $"{found.Verdict}");
        Assert.Contains(words, found.Detail ?? "", StringComparison.Ordinal);
    }

    /// <summary>A search whose time is up waits for what hangs: it is no search that found nothing.</summary>
    [Fact]
    public void AHangThatADeadlineMeetsIsAFinding()
    {
        var campaign = new Campaign(Options("for ever", "\tfor (;;) ;\n", "K1") with { Worker = KernelSearch.Worker(ShortHangTimeout) });
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        campaign.Run(null, deadline.Token);
        Assert.Null(campaign.Failure);
        Assert.Equal(("K1", "no answer for 5 s"), campaign.Violations.Select(static v => (v.Property, v.Detail)).Single());
    }

    [Theory]
    [InlineData("null pointer", "*(volatile int *)0 = 1;", "in fill_out_tdmrs()")]
    [InlineData("exit", "extern void _exit(int); _exit(3);", "exit code 3")]
    public void ADeathIsShrunk(string name, string code, string words)
    {
        var options = Options(name, "\tif (tdmr_idx >= 1) { " + code + " }\n", "K1");
        var found = Assert.Single(KernelSearch.Run(options).Violations);
        var finding = new FindingShrinker(options).Shrink(found);
        Assert.Null(finding.SecondTrace);
        Assert.Contains(words, finding.Violation.Detail, StringComparison.Ordinal);
        Assert.True(ScenarioMeasure.Of(finding.Scenario) < ScenarioMeasure.Of(Raw(found, options)));
        using var executor = IExecutor.Of(options);
        Assert.Equal("K1", Assert.Single(executor.Evaluate(finding.Scenario).Violations).Property);
    }

    [Theory]
    [InlineData("WARN once", "WARN_ON(1);", "K3")]
    [InlineData("exit once", "extern void _exit(int); _exit(3);", "K1")]
    public void WhatDoesNotFailTwiceIsShownWithBothTraces(string name, string code, string statement)
    {
        // Only the first process that gets there makes the folder: no reset of the kernel's statics brings that back.
        var folder = Path.Combine(Path.GetTempPath(), "tdxverify-once-" + Guid.NewGuid().ToString("N"));
        try
        {
            var options = Options(name, $"\textern int mkdir(const char *, unsigned int);\n\tif (!mkdir(\"{folder}\", 0700)) {{ {code} }}\n", statement);
            var found = Assert.Single(KernelSearch.Run(options).Violations);
            var finding = new FindingShrinker(options).Shrink(found);
            Assert.NotNull(finding.SecondTrace);
            Assert.Equal(statement, finding.Property.Id);
            Assert.NotEmpty(finding.Violation.Trace!);
            Assert.Contains(finding.SecondTrace, static l => l.Contains("TDH.SYS.CONFIG", StringComparison.Ordinal));
            Assert.NotEqual(finding.Violation.Trace, finding.SecondTrace);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static CampaignPlan Options(string name, string code, params string[] statements) =>
        KernelSearch.Options(Edits.Build(Tdx, Place, Place + code), Cases, statements);

    private static Scenario Raw(Violation found, CampaignPlan options)
    {
        var scenario = new Scenario();
        CampaignParts.Generator(options).Fill(scenario, options.Seed, found.Case);
        return scenario;
    }
}
