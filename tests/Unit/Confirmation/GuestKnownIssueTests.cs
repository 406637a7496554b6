// SPDX-License-Identifier: MIT

using TdxVerify.Confirmation;
using TdxVerify.Core.Cases;

namespace TdxVerify.Tests.Unit.Confirmation;

public sealed class GuestKnownIssueTests
{
    private const ulong Window = 0x100000000;
    private const ulong Block = 0x8000000;

    [Theory]
    [InlineData(StepKind.UnplugDimm)]
    [InlineData(StepKind.BlockOffline)]
    public void AnOfflineOfAKernelZoneThatHangsIsKnown(StepKind last) =>
        Assert.Equal("offline-never-returns", Judge(last, ZoneKind.Normal, CrashKind.Endless)?.Name);

    /// <summary>The neighbours: what can be moved, another step, and a kernel that dies, are reported.</summary>
    [Theory]
    [InlineData(StepKind.UnplugDimm, ZoneKind.Movable, CrashKind.Endless)]
    [InlineData(StepKind.BlockOffline, ZoneKind.Movable, CrashKind.Endless)]
    [InlineData(StepKind.BlockOnline, ZoneKind.Normal, CrashKind.Endless)]
    [InlineData(StepKind.UnplugDimm, ZoneKind.Normal, CrashKind.Panic)]
    public void AnythingElseIsNot(StepKind last, ZoneKind zone, CrashKind crash) => Assert.Null(Judge(last, zone, crash));

    [Theory]
    [InlineData("BUG: TASK stack guard page was hit at ffa0\n ? dump_page+0x2a/0x41\n", true)]
    [InlineData("BUG: TASK stack guard page was hit at ffa0\n ? walk_stackframe+0x2a/0x41\n", false)]
    [InlineData("page dumped because: VM_BUG_ON_PAGE\n ? dump_page+0x2a/0x41\n", false)]
    public void AFullStackOfPageDumpsIsKnown(string console, bool isKnown)
    {
        var issue = Judge(StepKind.BlockOffline, ZoneKind.Movable, CrashKind.Panic, console);

        Assert.Equal(isKnown ? "dump-page-recursion" : null, issue?.Name);
    }

    private static GuestKnownIssue? Judge(StepKind last, ZoneKind zone, CrashKind crash, string console = "")
    {
        var scenario = new Scenario();
        scenario.Steps.Add(Step.OnMemory(StepKind.PlugDimm, Window, Block));
        scenario.Steps.Add(last switch
        {
            StepKind.UnplugDimm => Step.At(last, Window),
            StepKind.BlockOffline => Step.Offline(Window),
            _ => Step.Online(Window, OnlineType.Online),
        });
        var trace = new Trace();
        trace.EndBoot();
        trace.EndStep(scenario.Steps[0], 0)
            .Add(new BlockView(Window >> 12, (Window + Block) >> 12, true, 0, zone));
        trace.Append(TraceEvent.OfCrash(crash));
        return GuestKnownIssue.Of(scenario, trace, console);
    }
}
