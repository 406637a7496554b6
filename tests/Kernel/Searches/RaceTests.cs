// SPDX-License-Identifier: MIT

using TdxVerify.Search.Races;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>
/// A kernel's own code, stopped in front of its locks and behind its calls while another caller enters.
/// </summary>
public sealed class RaceTests
{
    private const string Tdx = "arch/x86/virt/vmx/tdx/tdx.c";
    private const string Build = "\tunsigned long start_pfn, end_pfn;\n\tint i, nid, ret;\n\n\tfor_each_mem_pfn_range";
    private const string Enters = "\tunsigned long start_pfn, end_pfn;\n\tint i, nid, ret;\n\tstatic int entered;\n\n";

    private static bool HasUpdates => KernelSource.Release >= new Version(7, 2);

    private static bool HasModuleLock => KernelSource.Release < new Version(7, 1);

    [Fact]
    public void WithItsLocksNothingBreaks() => Assert.Null(Explore(null, new RaceLocks(), 2));

    [Theory]
    [InlineData(false, true, false, "L5")]
    [InlineData(true, false, false, "S15")]
    [InlineData(true, true, true, "K1")]
    public void WithoutALockTheRaceIsFound(bool hasHotplugLock, bool hasModuleLock, bool isMixed, string property)
    {
        Assert.SkipUnless(HasModuleLock, "an initcall enables TDX before there is hotplug");
        var finding = Explore(null, new RaceLocks(hasHotplugLock, hasModuleLock, isMixed), 3);
        Assert.Equal((property, 1), (finding?.Violations[0].Property, finding?.Preemptions));
    }

    /// <summary>The source does without, and no search of one step behind the other would tell.</summary>
    [Fact]
    public void AMutexThatTheSourceForgetsIsFound()
    {
        Assert.SkipUnless(HasModuleLock, "an initcall enables TDX before there is hotplug");
        const string Enable = "int tdx_enable(void)\n{";
        const string Nothing = "#define mutex_lock(lock)\n#define mutex_unlock(lock)\n";
        var edit = (Tdx, Enable, Nothing + Enable);
        var finding = Explore(edit, new RaceLocks(), 3);
        Assert.Equal(1, finding?.Preemptions);
        Assert.Contains("S25", finding!.Violations.Select(static v => v.Property));
    }

    /// <summary>
    /// Behind the release of mem_hotplug_lock a step goes on to its end: what took effect first ends first.
    /// </summary>
    [Fact]
    public void WorkBehindTheLockIsInNobodysWay()
    {
        const string Release = "\tput_online_mems();\n\treturn ret;";
        const string Flush = "\tput_online_mems();\n\twbinvd_on_all_cpus();\n\treturn ret;";
        var edit = (Tdx, Release, Flush);
        Assert.Null(Explore(edit, new RaceLocks(), 2));
    }

    /// <summary>One caller crashes while another stands still inside kernel code.</summary>
    [Theory]
    [InlineData("BUG_ON(entered++);", "BUG_ON(entered++)")]
    [InlineData("if (entered++)\n\t\t*(volatile int *)0 = 1;", "in build_tdx_memlist()")]
    public void ACrashOfOneLeavesTheOther(string code, string words)
    {
        Assert.SkipUnless(HasModuleLock, "an initcall enables TDX before there is hotplug");
        var edit = (Tdx, Build, Enters + "\t" + code + "\n\tfor_each_mem_pfn_range");
        var finding = Explore(edit, new RaceLocks(HasModuleLock: false), 3);
        Assert.Equal("K1", finding?.Violations[0].Property);
        Assert.Contains(words, finding!.Violations[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void InNoOrderOfCpusAnUpdateBreaksAnything()
    {
        Assert.SkipUnless(HasUpdates, "no updates of the module");
        var explorer = UpdateExplorer.Of(KernelSearch.UnderTest(KernelSource.RequireBuilt()));
        Assert.Null(explorer.Run(2, CancellationToken.None));
        Assert.InRange(explorer.Schedules, 10_000, long.MaxValue);
    }

    /// <summary>A CPU that acknowledges a step in front of its work: one behind the other nobody would notice.</summary>
    [Fact]
    public void AnAcknowledgementThatComesTooEarlyIsFound()
    {
        Assert.SkipUnless(HasUpdates, "no updates of the module");
        const string Work = "\t\tcurstate = newstate;\n\t\tswitch (curstate) {";
        const string Early = "\t\tcurstate = newstate;\n\t\tack_state(&update_ctrl, 0);\n#define ack_state(ctrl, ret) ((ctrl)->num_failed += !!(ret))\n\t\tswitch (curstate) {";
        var explorer = UpdateExplorer.Of(KernelSearch.UnderTest(Edits.Build("arch/x86/virt/vmx/tdx/seamldr.c", Work, Early)));
        Assert.Null(explorer.Run(0, CancellationToken.None));
        var finding = explorer.Run(1, CancellationToken.None);
        Assert.Equal(1, finding?.Preemptions);
        Assert.Contains("V2", finding!.Violations.Select(static v => v.Property));
        Assert.Contains((2, "SEAMLDR.INSTALL = fails"), finding.Schedule);
    }

    private static RaceFinding? Explore((string File, string Old, string Text)? edit, RaceLocks locks, int preemptions)
    {
        var kernel = edit is { } e ? Edits.Build(e.File, e.Old, e.Text) : KernelSource.RequireBuilt();
        using var explorer = RaceExplorer.Of(KernelSearch.UnderTest(kernel), locks);
        return explorer.Run(preemptions, CancellationToken.None);
    }
}
