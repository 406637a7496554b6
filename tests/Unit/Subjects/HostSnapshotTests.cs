// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Subjects;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Subjects;

/// <summary>What a trace keeps of the host code after every step.</summary>
public sealed class HostSnapshotTests
{
    private static ModelHost Run(TestMachine machine)
    {
        machine.Scenario.Machine.KeyIds = new KeyIdPartition(31, 8);
        return machine.Run();
    }

    [Fact]
    public void SuccessLeavesListTdmrsAndKeyIds()
    {
        var run = Run(WithRam((4 * G, 5 * G, 0), (6 * G, 7 * G, 1)));
        var after = run.Trace.SnapshotAfter(run.Trace.Steps.Length);
        Assert.Equal([new PfnRange(0x10_0000, 0x14_0000, 0), new PfnRange(0x18_0000, 0x1c_0000, 1)], after.Memlist.ToArray());
        Assert.Equal([(4 * G, G), (6 * G, G)], after.Tdmrs.Tdmrs.ToArray().Select(static t => (t.Base, t.Size)));
        Assert.Equal((true, true), (after.HasTdxHostCapability, after.IsInitialized));
        Assert.Equal((32U, 33U, 7U), (after.GlobalKeyId, after.GuestKeyIdStart, after.GuestKeyIds));
    }

    [Fact]
    public void FailureLeavesNeitherListNorTdmrs()
    {
        var machine = WithRam((4 * G, 5 * G, 0));
        machine.Scenario.Machine.Limits = new(0, 16, 16, 16, 16);
        var run = Run(machine);
        var after = run.Trace.SnapshotAfter(run.Trace.Steps.Length);
        Assert.NotEqual(0, run.Enabled());
        Assert.Equal((0, 0), (after.Memlist.Length, after.Tdmrs.Tdmrs.Length));
        Assert.Equal((true, false), (after.HasTdxHostCapability, after.IsInitialized));
    }

    [Fact]
    public void AGateThatHoldsLeavesNoKeyIds()
    {
        var machine = WithRam((4 * G, 5 * G, 0));
        machine.Faults.HibernationAvailable = true;
        var run = Run(machine);
        var after = run.Trace.SnapshotAfter(run.Trace.Steps.Length);
        Assert.Equal((false, false), (after.HasTdxHostCapability, after.IsInitialized));
        Assert.Equal((0U, 0U, 0U), (after.GlobalKeyId, after.GuestKeyIdStart, after.GuestKeyIds));
    }
}
