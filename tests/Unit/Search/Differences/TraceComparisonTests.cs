// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;
using TdxVerify.Search.Differences;

namespace TdxVerify.Tests.Unit.Search.Differences;

/// <summary>Where two traces part is found and named.</summary>
public sealed class TraceComparisonTests
{
    private static readonly TraceEvent Call = Init(TdxStatus.Success);
    private static readonly TraceEvent Flush = TraceEvent.OfFlush();

    [Fact]
    public void EqualTracesDoNotPart() => Assert.Null(TraceComparison.First(Full(), Full()));

    [Fact]
    public void AnEventThatIsAnother() => AssertDifference(
        Full(), Full(call: Init(TdxStatus.RndNoEntropy)), 1, "event 2", "TDH.SYS.INIT", "TDX_RND_NO_ENTROPY");

    [Fact]
    public void AnEventThatIsMissing() => AssertDifference(Full(), Full(isFlushed: false), 1, "event 3", "wbinvd on all CPUs", "nothing more");

    [Fact]
    public void AnEventTooMany() => AssertDifference(Full(isFlushed: false), Full(), 1, "event 3", "nothing more", "wbinvd on all CPUs");

    [Fact]
    public void AnEventOfBoot() => AssertDifference(Full(), Full(keyIds: 33), 0, "event 1", "BiosEnabled(20,", "BiosEnabled(21,");

    [Fact]
    public void AReadOfFreedMemoryIsComparedWhereBothSawIt()
    {
        AssertDifference(Full(), Full(isTouched: true), 1, "event 3", "wbinvd on all CPUs", "read after free");
        var blind = Full();
        blind.Observes &= ~Observes.Touches;
        Assert.Null(TraceComparison.First(blind, Full(isTouched: true)));
        Assert.Null(TraceComparison.First(Full(isTouched: true), blind));
    }

    [Fact]
    public void AResult() => AssertDifference(Full(), Full(result: -Errno.Einval), 1, "result", "0", "-22");

    [Fact]
    public void AStepThatIsNotTaken() => AssertDifference(Full(), Boot(new Trace()), 1, "steps", "1 taken", "0 taken", Observes.Memblock);

    [Fact]
    public void ARegionOfMemblock() => AssertDifference(
        Full(), Full(state: static s => s.Add(new MemblockRegion(new AddressRange(0x5000, 0x6000), 1, 0))), 1, "memblock.memory[1]", "nothing", "0x5000");

    [Fact]
    public void AnEntryOfTheList() => AssertDifference(
        Full(), Full(state: static s => s.Add(new PfnRange(0x500, 0x600, 1))), 1, "tdx_memlist[1]", "nothing", "Start = 1280");

    [Fact]
    public void ATdmr() => AssertDifference(Full(), Full(size: 2 * Sizes.Page1G), 1, "TDMR[0]", "1073741824", "2147483648");

    [Fact]
    public void AReservedArea() => AssertDifference(Full(), Full(area: 0x2000), 1, "TDMR 0 reserved area [0]", "4096", "8192");

    [Theory]
    [InlineData("X86_FEATURE_TDX_HOST_PLATFORM")]
    [InlineData("module initialized")]
    [InlineData("tdx_global_keyid")]
    [InlineData("tdx_guest_keyid_start")]
    [InlineData("tdx_nr_guest_keyids")]
    [InlineData("memblock.memory.total_size")]
    [InlineData("memblock.reserved.total_size")]
    public void AStatic(string name)
    {
        var difference = TraceComparison.First(Full(), Full(state: s =>
        {
            s.HasTdxHostCapability = name == "X86_FEATURE_TDX_HOST_PLATFORM";
            s.IsInitialized = name == "module initialized";
            s.GlobalKeyId = name == "tdx_global_keyid" ? 1U : 0;
            s.GuestKeyIdStart = name == "tdx_guest_keyid_start" ? 1U : 0;
            s.GuestKeyIds = name == "tdx_nr_guest_keyids" ? 1U : 0;
            s.MemoryBytes = name == "memblock.memory.total_size" ? 1U : 0;
            s.ReservedBytes = name == "memblock.reserved.total_size" ? 1U : 0;
        }));
        Assert.Equal(new TraceDifference(1, name, "0", "1"), difference);
    }

    [Theory]
    [InlineData(AllocationSite.MemlistEntry, true)]
    [InlineData(AllocationSite.PackageMask, true)]
    [InlineData(AllocationSite.TdmrPaArray, false)]
    [InlineData(AllocationSite.TdmrBuffer, false)]
    [InlineData(AllocationSite.Pamt, false)]
    public void HowLargeAnEntryIsIsTheKernelsOwnBusiness(AllocationSite site, bool isOwn)
    {
        var allocation = TraceEvent.OfAllocation(site, 1, 40);
        Assert.Equal(isOwn, TraceComparison.First(Full(call: allocation), Full(call: allocation.WithAmount(48))) is null);
        Assert.NotNull(TraceComparison.First(Full(call: allocation), Full(call: TraceEvent.OfAllocation(site, 0, 40))));
    }

    [Fact]
    public void WhatOneCanNotSeeIsNotCompared()
    {
        var blind = Full(result: 0, isFlushed: false, size: 2 * Sizes.Page1G, state: static s => s.Add(new PfnRange(0x500, 0x600, 1)));
        blind.Observes = Observes.Memblock;
        Assert.Null(TraceComparison.First(Full(), blind));
        Assert.Null(TraceComparison.First(blind, Full()));
    }

    private static void AssertDifference(Trace one, Trace other, int step, string place, string first, string second, Observes observes = Observes.All)
    {
        other.Observes = observes;
        var difference = TraceComparison.First(one, other);
        Assert.NotNull(difference);
        Assert.Equal((step, place), (difference.Step, difference.Place));
        Assert.Contains(first, difference.One, StringComparison.Ordinal);
        Assert.Contains(second, difference.Other, StringComparison.Ordinal);
    }

    private static Trace Boot(Trace trace, ulong keyIds = 32)
    {
        trace.Append(TraceEvent.OfLog(KernelLine.BiosEnabled, keyIds, 64));
        trace.EndBoot().Add(new MemblockRegion(new AddressRange(0, 0x1000), 0, 0));
        return trace;
    }

    /// <summary>A trace with something of everything.</summary>
    private static Trace Full(
        TraceEvent? call = null, bool isFlushed = true, ulong keyIds = 32, int result = 0, ulong size = Sizes.Page1G, ulong area = 0x1000, Action<Snapshot>? state = null, bool isTouched = false)
    {
        var trace = Boot(new Trace(), keyIds);
        trace.Append(call ?? Call);
        if (isTouched)
        {
            trace.Append(TraceEvent.OfReadAfterFree(AllocationSite.TdmrBuffer, 1));
        }

        if (isFlushed)
        {
            trace.Append(Flush);
        }

        var snapshot = trace.EndStep(Step.Enable, result);
        snapshot.Add(new MemblockRegion(new AddressRange(0, 0x1000), 0, 0));
        snapshot.Add(new PfnRange(0x100, 0x200, 0));
        snapshot.Tdmrs.AddReserved(0, area);
        snapshot.Tdmrs.Add(0, size, new PamtView(0x100000, 0x1000), new PamtView(0x101000, 0x1000), new PamtView(0x102000, 0x1000));
        state?.Invoke(snapshot);
        return trace;
    }

    private static TraceEvent Init(ulong status) => TraceEvent.OfSeamcall(SeamcallLeaf.SysInit, 0, 0, status, 0, 0, 0);
}
