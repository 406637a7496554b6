// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/*
 *  0 --INIT--> 1 --LP.INIT on all LPs, CONFIG--> 2 --KEY.CONFIG on all packages--> 3 READY --SHUTDOWN--> 4
 */
public sealed class ModuleStateTests
{
    private const ulong InvalidRax = 0xC000010000000000;
    private const ulong InvalidRcx = 0xC000010000000001;
    private const ulong Busy = 0x8000020200000000;
    private const ulong NotReady = 0xC000050500000000;
    private const ulong ShutDown = 0xC000050600000000;

    private readonly ModuleBench _bench = new();

    // Leaves: INIT 33, LP.INIT 35, CONFIG 45, KEY.CONFIG 31, TDMR.INIT 36, RDMD 24, SHUTDOWN 52, UPDATE 53.
    [Theory]
    [InlineData(ModuleState.SysInitPending, 35, 0xC000050B00000000)]
    [InlineData(ModuleState.SysInitPending, 45, 0xC000050C00000000)]
    [InlineData(ModuleState.SysInitPending, 31, 0xC000050700000000)]
    [InlineData(ModuleState.SysInitPending, 36, NotReady)]
    [InlineData(ModuleState.SysInitPending, 24, NotReady)]
    [InlineData(ModuleState.SysInitPending, 52, NotReady)]
    [InlineData(ModuleState.SysInitPending, 53, 0xC000050800000000)]
    [InlineData(ModuleState.SysInitPending, 34, 0xC000050200000000)]
    [InlineData(ModuleState.SysInitPending, 32, 0xC000050200000000)]
    [InlineData(ModuleState.SysInitPending, 44, 0UL)]
    [InlineData(ModuleState.SysInitDone, 33, 0xC000050000000000)]
    [InlineData(ModuleState.SysInitDone, 35, 0xC000050300000000)]
    [InlineData(ModuleState.SysInitDone, 31, 0xC000050700000000)]
    [InlineData(ModuleState.SysInitDone, 36, NotReady)]
    [InlineData(ModuleState.SysInitDone, 53, 0xC000050900000000)]
    [InlineData(ModuleState.SysConfigDone, 33, 0xC000050000000000)]
    [InlineData(ModuleState.SysConfigDone, 35, 0xC000050B00000000)]
    [InlineData(ModuleState.SysConfigDone, 45, 0xC000050C00000000)]
    [InlineData(ModuleState.SysConfigDone, 36, NotReady)]
    [InlineData(ModuleState.SysConfigDone, 24, NotReady)]
    [InlineData(ModuleState.SysConfigDone, 52, NotReady)]
    [InlineData(ModuleState.SysConfigDone, 53, 0xC000050800000000)]
    [InlineData(ModuleState.SysReady, 33, 0xC000050000000000)]
    [InlineData(ModuleState.SysReady, 35, 0xC000050B00000000)]
    [InlineData(ModuleState.SysReady, 45, 0xC000050C00000000)]
    [InlineData(ModuleState.SysReady, 31, 0xC000050700000000)]
    [InlineData(ModuleState.SysReady, 53, 0xC000050800000000)]
    [InlineData(ModuleState.SysReady, 99, InvalidRax)]
    [InlineData(ModuleState.SysInitDone, 99, NotReady)]
    [InlineData(ModuleState.SysShutdown, 33, ShutDown)]
    [InlineData(ModuleState.SysShutdown, 34, ShutDown)]
    [InlineData(ModuleState.SysShutdown, 45, ShutDown)]
    [InlineData(ModuleState.SysShutdown, 52, ShutDown)]
    [InlineData(ModuleState.SysShutdown, 99, ShutDown)]
    [InlineData(ModuleState.SysShutdown, 44, 0UL)]
    public void EveryStateHasItsAnswers(ModuleState state, int leaf, ulong status)
    {
        _bench.To(state);
        Assert.Equal(status, _bench.Call((ulong)leaf));
        Assert.Equal(state, _bench.Module.State);
    }

    [Theory]
    [InlineData(0x1000000000000021)]
    [InlineData(0x0000000001000021)]
    [InlineData(0x0000000000010021)]
    public void ReservedBitsOfRaxComeFirst(ulong rax)
    {
        Assert.Equal(InvalidRax, _bench.Call(rax));
        Assert.Equal(InvalidRax, _bench.To(ModuleState.SysShutdown).Call(rax));
    }

    [Fact]
    public void InitLooksAtTheLockThenAtRcxThenAtTheState()
    {
        _bench.To(ModuleState.SysInitDone);
        Assert.Equal(InvalidRcx, _bench.Call(SeamcallLeaf.SysInit, 1));
        _bench.Module.LockHeld = true;
        Assert.Equal(Busy, _bench.Call(SeamcallLeaf.SysInit, 1));
    }

    [Theory]
    [InlineData(ModuleState.SysInitPending, SeamcallLeaf.SysInit)]
    [InlineData(ModuleState.SysInitPending, SeamcallLeaf.SysConfig)]
    [InlineData(ModuleState.SysInitPending, SeamcallLeaf.SysLpInit)]
    [InlineData(ModuleState.SysInitPending, SeamcallLeaf.SysKeyConfig)]
    [InlineData(ModuleState.SysReady, SeamcallLeaf.SysShutdown)]
    public void HeldLockIsBusyBeforeAnyState(ModuleState state, ulong leaf)
    {
        _bench.To(state).Module.LockHeld = true;
        Assert.Equal(Busy, _bench.Call(leaf));
        Assert.Equal(state, _bench.Module.State);
    }

    [Fact]
    public void BusyCallMayBeRepeated()
    {
        _bench.Module.LockHeld = true;
        Assert.Equal(Busy, _bench.Call(SeamcallLeaf.SysInit));
        _bench.Module.LockHeld = false;
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysInit));
    }

    [Fact]
    public void TdmrInitDoesNotTakeTheGlobalLock()
    {
        _bench.To(ModuleState.SysReady).Module.LockHeld = true;
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysTdmrInit, 4 * G));
    }

    [Fact]
    public void FailedInitLeavesTheModulePending()
    {
        _bench.WithCmrs((4 * G, 8 * G), (6 * G, 9 * G));
        Assert.Equal(0xC0000A2200000000, _bench.Call(SeamcallLeaf.SysInit));
        _bench.WithCmrs((4 * G, 8 * G));
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysInit));
    }

    [Theory]
    [InlineData(2047u, 0UL)]
    [InlineData(2048u, 0xC000082500000800)]
    public void HighestPrivateKeyIdIsBelow2048(uint last, ulong status)
    {
        _bench.Platform.Rules = _bench.Platform.Rules with { KeyIds = new KeyIdPartition(last - 32, 32) };
        Assert.Equal(status, _bench.Call(SeamcallLeaf.SysInit));
    }

    [Fact]
    public void InitClearsItsResultRegisters()
    {
        _bench.To(ModuleState.SysInitDone);
        _bench.Call(SeamcallLeaf.SysInit, new SeamcallRegisters(0, 2, 3, 4, 5, 6), out var results);
        Assert.Equal(new SeamcallRegisters(0, 0, 0, 0, 0, 6), results);
    }

    [Fact]
    public void ConfigNeedsEveryLpOfThePlatform()
    {
        _bench.Platform.Lps = 2;
        _bench.Call(SeamcallLeaf.SysInit);
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysLpInit));
        Assert.Equal(0xC000050C00000000, _bench.Config(ModuleBench.Tdmr(0)));
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysLpInit, lp: 1));
        Assert.Equal(0UL, _bench.Config(ModuleBench.Tdmr(0)));
    }

    [Fact]
    public void KeyIsConfiguredPerPackage()
    {
        _bench.Platform.Lps = 4;
        _bench.Platform.LpsPerPackage = 2;
        _bench.Platform.Packages = 2;
        _bench.To(ModuleState.SysConfigDone);
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysKeyConfig, lp: 0));
        Assert.Equal(0x0000081500000000UL, _bench.Call(SeamcallLeaf.SysKeyConfig, lp: 1));
        Assert.Equal(NotReady, _bench.Call(SeamcallLeaf.SysTdmrInit, 4 * G));
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysKeyConfig, lp: 2));
        Assert.Equal(ModuleState.SysReady, _bench.Module.State);
        Assert.Equal(0xC000050700000000, _bench.Call(SeamcallLeaf.SysKeyConfig, lp: 3));
    }

    [Theory]
    [InlineData(0x80000200000000BB)]
    [InlineData(0x8000080000000000)]
    public void FailedKeyProgrammingMayBeRepeated(ulong pconfig)
    {
        _bench.To(ModuleState.SysConfigDone);
        Assert.Equal(pconfig, _bench.Module.SysKeyConfig(0, pconfig));
        Assert.Equal(ModuleState.SysConfigDone, _bench.Module.State);
        Assert.Equal(0UL, _bench.Module.SysKeyConfig(0, 0));
    }

    [Fact]
    public void TdmrInitTakes256CallsAGibAndRoundsDown()
    {
        _bench.To(ModuleState.SysReady);
        for (var call = 1; call <= 256; call++)
        {
            Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysTdmrInit, new SeamcallRegisters(4 * G), out var results));
            Assert.Equal(call < 256 ? 4 * G : 5 * G, results.Rdx);
        }

        Assert.Equal(0x00000A0300000000UL, _bench.Call(SeamcallLeaf.SysTdmrInit, new SeamcallRegisters(4 * G, 7), out var after));
        Assert.Equal(0UL, after.Rdx);
    }

    [Fact]
    public void TdmrOfTwoGibTakes512Calls()
    {
        var tdmr = ModuleBench.Tdmr(0);
        tdmr.Size = 2 * G;
        tdmr.SetPamt(PamtLevel.Level4K, 110 * G, 8 * M);
        tdmr.SetPamt(PamtLevel.Level2M, 111 * G, 16 * K);
        _bench.To(ModuleState.SysInitDone);
        Assert.Equal(0UL, _bench.Config(tdmr));
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysKeyConfig));
        var next = Enumerable.Range(0, 512).Select(_ => NextAfterInit(4 * G)).ToList();
        Assert.Equal((4 * G, 5 * G, 5 * G, 6 * G), (next[254], next[255], next[510], next[511]));
    }

    [Theory]
    [InlineData(4 * G + (512 * M))]
    [InlineData(5 * G)]
    [InlineData(1UL << 52)]
    [InlineData((4 * G) + (32UL << 46))]
    public void TdmrInitTakesOnlyTheBaseOfAConfiguredTdmr(ulong address)
    {
        _bench.To(ModuleState.SysReady);
        Assert.Equal(InvalidRcx, _bench.Call(SeamcallLeaf.SysTdmrInit, address));
    }

    [Fact]
    public void LockedTdmrIsBusyAndTheOtherIsNot()
    {
        _bench.To(ModuleState.SysInitDone);
        Assert.Equal(0UL, _bench.Config(ModuleBench.Tdmr(0), ModuleBench.Tdmr(1)));
        _bench.Call(SeamcallLeaf.SysKeyConfig);
        _bench.Module.SetTdmrLocked(0, true);
        Assert.Equal(0x8000020000000001, _bench.Call(SeamcallLeaf.SysTdmrInit, 4 * G));
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysTdmrInit, 5 * G));
    }

    [Fact]
    public void PageIsKnownOnceItsGibIsInitialised()
    {
        const ulong OutOfRange = 0xC000010100000001;
        var tdmr = ModuleBench.Tdmr(0);
        tdmr.SetReserved(0, 16 * M, M);
        _bench.To(ModuleState.SysInitDone);
        _bench.Config(tdmr);
        _bench.Call(SeamcallLeaf.SysKeyConfig);
        Assert.Equal(255, Enumerable.Range(0, 255).Count(_ => NextAfterInit(4 * G) == 4 * G));
        Assert.Equal(OutOfRange, _bench.Call(SeamcallLeaf.PhymemPageRdmd, 4 * G));
        NextAfterInit(4 * G);
        Assert.Equal([0UL, 0, 1, 1, 0], new[] { 0UL, (16 * M) - 4096, 16 * M, (17 * M) - 4096, 17 * M }.Select(o => PageType((4 * G) + o)));
        Assert.Equal(OutOfRange, _bench.Call(SeamcallLeaf.PhymemPageRdmd, 5 * G));
        Assert.Equal(InvalidRcx, _bench.Call(SeamcallLeaf.PhymemPageRdmd, (4 * G) + 1));
    }

    private ulong NextAfterInit(ulong tdmr)
    {
        _bench.Call(SeamcallLeaf.SysTdmrInit, new SeamcallRegisters(tdmr), out var results);
        return results.Rdx;
    }

    private ulong PageType(ulong address)
    {
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.PhymemPageRdmd, new SeamcallRegisters(address), out var results));
        return results.Rcx;
    }

    // With 2 LPs, an update is told that the state is wrong until both are initialised.
    [Fact]
    public void AnUpdateWantsEveryLp()
    {
        var bench = new ModuleBench();
        bench.Platform.Lps = 2;
        Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysInit));
        Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysLpInit));
        Assert.Equal(TdxStatus.SysStateIncorrect, bench.Call(SeamcallLeaf.SysUpdate));
        Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysLpInit, lp: 1));
        Assert.Equal(TdxStatus.SysInvalidHandoff, bench.Call(SeamcallLeaf.SysUpdate));
    }
}
