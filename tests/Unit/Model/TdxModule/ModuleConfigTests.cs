// SPDX-License-Identifier: MIT

using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>Checks of TDH.SYS.CONFIG on its operands and on the bounds and reserved areas of TDMRs.</summary>
public sealed class ModuleConfigTests
{
    private const ulong Rcx = 0xC000010000000001;
    private const ulong Rdx = 0xC000010000000002;
    private const ulong R8 = 0xC000010000000008;
    private const ulong InvalidTdmr = 0xC0000A0000000000;
    private const ulong NonOrdered = 0xC0000A0100000000;
    private const ulong InvalidReserved = 0xC0000A2000000000;
    private const ulong NonOrderedReserved = 0xC0000A2100000000;

    private readonly ModuleBench _bench = new ModuleBench().To(ModuleState.SysInitDone);

    [Fact]
    public void LegalTableMakesTheModuleConfigured()
    {
        Assert.Equal(0UL, _bench.Config(ModuleBench.Tdmr(0), ModuleBench.Tdmr(1)));
        Assert.Equal((ModuleState.SysConfigDone, 2, 32UL), (_bench.Module.State, _bench.Module.TdmrCount, _bench.Module.GlobalHkid));
    }

    // SEAMRR is [0x78000000, 0x7a000000); the array counts with 512 bytes. KeyID bits are 51:46, shared KeyIDs end at 31.
    [Theory]
    [InlineData(0x100100UL, Rcx)]
    [InlineData(0x10000000000000UL, Rcx)]
    [InlineData(0x78000000UL, Rcx)]
    [InlineData(0x79fffe00UL, Rcx)]
    [InlineData(M + (32UL << 46), Rcx)]
    [InlineData(M + (31UL << 46), 0UL)]
    [InlineData(0x77fffe00UL, 0UL)]
    [InlineData(0x7a000000UL, 0UL)]
    public void AddressOfTheArray(ulong address, ulong status)
    {
        _bench.Memory.Write(address, ModuleBench.Infos);
        _bench.Memory.Place(ModuleBench.Infos, ModuleBench.Tdmr(0));
        Assert.Equal(status, _bench.Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(address, 1, 32), out _));
        Assert.Equal(status == 0 ? 3 : 0, _bench.Module.KotState(32));
    }

    // The address of a TDMR_INFO fails with the same code, without an index.
    [Theory]
    [InlineData(0x200100UL, Rcx)]
    [InlineData(0x10000000000000UL, Rcx)]
    [InlineData(0x78000000UL, Rcx)]
    [InlineData((2 * M) + (32UL << 46), Rcx)]
    [InlineData((2 * M) + (31UL << 46), 0UL)]
    public void AddressOfATdmrInfo(ulong address, ulong status)
    {
        _bench.Memory.Write(ModuleBench.Array, ModuleBench.Infos + 1024);
        _bench.Memory.Place(ModuleBench.Infos + 1024, ModuleBench.Tdmr(0));
        _bench.Memory.Write(ModuleBench.Array + 8, address);
        _bench.Memory.Place(ModuleBench.Infos, ModuleBench.Tdmr(1));
        Assert.Equal(status, _bench.Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, 2, 32), out _));
        Assert.Equal(3, _bench.Module.KotState(32));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(65UL)]
    [InlineData(0x100000001UL)]
    public void CountIsOneTo64(ulong count)
    {
        Assert.Equal(Rdx, _bench.Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, count, 32), out _));
        Assert.Equal(0, _bench.Module.KotState(32));
    }

    [Fact]
    public void SixtyFourTdmrsAreAccepted() =>
        Assert.Equal(0UL, _bench.Config([.. Enumerable.Range(0, 64).Select(ModuleBench.Tdmr)]));

    [Theory]
    [InlineData(0UL, R8)]
    [InlineData(31UL, R8)]
    [InlineData(64UL, R8)]
    [InlineData(32UL | (1UL << 16), R8)]
    [InlineData(32UL | (1UL << 63), R8)]
    [InlineData(32UL, 0UL)]
    [InlineData(63UL, 0UL)]
    public void KeyIdIsPrivateAndAlone(ulong operand, ulong status)
    {
        Assert.Equal(status, _bench.ConfigWith(operand, ModuleBench.Tdmr(0)));
        Assert.Equal(status == 0 ? 3 : 0, _bench.Module.KotState(operand & 0xffff));
    }

    [Fact]
    public void OperandsAreCheckedInOrder()
    {
        Assert.Equal(Rcx, _bench.Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(1, 0, 0), out _));
        Assert.Equal(Rdx, _bench.Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(M, 0, 0), out _));
        Assert.Equal(R8, _bench.Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(M, 1, 0), out _));
    }

    [Fact]
    public void StateComesBeforeOperands() =>
        Assert.Equal(0xC000050C00000000, new ModuleBench().Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(1, 0, 0), out _));

    [Theory]
    [InlineData(4 * G, 0UL)]
    [InlineData(4 * G, G + M)]
    [InlineData((4 * G) + M, G)]
    [InlineData((1UL << 46) - G, 2 * G)]
    [InlineData(1UL << 46, G)]
    [InlineData(1UL << 52, G)]
    [InlineData(ulong.MaxValue - G + 1, G)]
    public void BoundsOfTheFirstTdmr(ulong start, ulong size) =>
        Assert.Equal(InvalidTdmr, _bench.Config(With(0, t => (t.Base, t.Size) = (start, size))));

    [Fact]
    public void TdmrMayEndWhereKeyIdBitsBegin()
    {
        _bench.WithCmrs((100 * G, 128 * G), ((1UL << 46) - G, 1UL << 46));
        Assert.Equal(0UL, _bench.Config(With(0, static t => t.Base = (1UL << 46) - G)));
    }

    [Theory]
    [InlineData(3 * G, G, NonOrdered + 1)]
    [InlineData(4 * G, G, NonOrdered + 1)]
    [InlineData((4 * G) + M, G, NonOrdered + 1)]
    [InlineData(G, ulong.MaxValue - G + 1, InvalidTdmr + 1)]
    [InlineData(5 * G, 0UL, InvalidTdmr + 1)]
    [InlineData(5 * G, G, 0UL)]
    public void SecondTdmrIsOrderedBeforeItIsAligned(ulong start, ulong size, ulong status) =>
        Assert.Equal(status, _bench.Config(ModuleBench.Tdmr(0), With(1, t => (t.Base, t.Size) = (start, size))));

    [Fact]
    public void IndexOfTheTdmrIsInTheStatus()
    {
        var tdmrs = Enumerable.Range(0, 64).Select(ModuleBench.Tdmr).ToArray();
        tdmrs[63].Base = 66 * G;
        Assert.Equal(NonOrdered + 63, _bench.Config(tdmrs));
    }

    // P1 to P7 for area 0, in TDMR [4G, 5G).
    [Theory]
    [InlineData(ulong.MaxValue - 4096 + 1, 4096UL)]
    [InlineData(2048UL, 4096UL)]
    [InlineData(4096UL, 2048UL)]
    [InlineData(ulong.MaxValue - (4 * G) + 1, 4096UL)]
    [InlineData(ulong.MaxValue - (8 * G) + 1, 4 * G)]
    [InlineData(G - 4096, 8192UL)]
    [InlineData(G, 4096UL)]
    public void IllegalReservedArea(ulong offset, ulong size) =>
        Assert.Equal(InvalidReserved, _bench.Config(With(0, t => t.SetReserved(0, offset, size))));

    [Theory]
    [InlineData(0UL, 4096UL)]
    [InlineData(0UL, G)]
    [InlineData(G - 4096, 4096UL)]
    public void LegalReservedArea(ulong offset, ulong size) =>
        Assert.Equal(0UL, _bench.Config(With(0, t => t.SetReserved(0, offset, size))));

    /*
     *  |   [1M, 2M)   ?        |     the second area; i is 1, j is 1
     */
    [Theory]
    [InlineData(0UL, M, NonOrderedReserved + 0x101)]
    [InlineData(M, M, NonOrderedReserved + 0x101)]
    [InlineData((2 * M) - 4096, M, NonOrderedReserved + 0x101)]
    [InlineData((2 * M) - 1, M, NonOrderedReserved + 0x101)]
    [InlineData(ulong.MaxValue - 4096 + 1, 4096UL, InvalidReserved + 0x101)]
    [InlineData((2 * M) + 1, M, InvalidReserved + 0x101)]
    [InlineData(2 * M, M, 0UL)]
    public void SecondAreaIsOrderedBeforeItIsAligned(ulong offset, ulong size, ulong status)
    {
        var second = With(1, t =>
        {
            t.SetReserved(0, M, M);
            t.SetReserved(1, offset, size);
        });
        Assert.Equal(status, _bench.Config(ModuleBench.Tdmr(0), second));
    }

    [Theory]
    [InlineData(0, 0x000UL)]
    [InlineData(1, 0x100UL)]
    [InlineData(14, 0xE00UL)]
    public void GapInTheListNamesTheEmptySlot(int empty, ulong info)
    {
        var tdmr = With(0, t =>
        {
            for (var slot = 0; slot < empty; slot++)
            {
                t.SetReserved(slot, (ulong)slot * 2 * M, M);
            }

            t.SetReserved(empty + 1, 64 * M, M);
        });
        Assert.Equal(NonOrderedReserved + info, _bench.Config(tdmr));
    }

    [Fact]
    public void OffsetOfAnEmptySlotMayBeAnything() =>
        Assert.Equal(0UL, _bench.Config(With(0, static t => t.SetReserved(0, 0xdeadbeefdeadbeef, 0))));

    [Fact]
    public void FailureLeavesTheKeyIdReservedAndTheStateAsItWas()
    {
        Assert.Equal(InvalidTdmr, _bench.Config(With(0, static t => t.Size = 0)));
        Assert.Equal((3, 32UL, ModuleState.SysInitDone, 0), (_bench.Module.KotState(32), _bench.Module.GlobalHkid, _bench.Module.State, _bench.Module.TdmrCount));
    }

    [Fact]
    public void RetryWithAnotherKeyIdLeaksTheFirst()
    {
        _bench.Config(With(0, static t => t.Size = 0));
        Assert.Equal(0UL, _bench.ConfigWith(40, ModuleBench.Tdmr(0)));
        Assert.Equal((3, 3, 40UL), (_bench.Module.KotState(32), _bench.Module.KotState(40), _bench.Module.GlobalHkid));
    }

    [Fact]
    public void HostMemoryMayChangeAfterTheCopy()
    {
        Assert.Equal(0UL, _bench.Config(ModuleBench.Tdmr(0)));
        _bench.Memory.Place(ModuleBench.Infos, ModuleBench.Tdmr(7));
        _bench.Call(SeamcallLeaf.SysKeyConfig);
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysTdmrInit, 4 * G));
    }

    private static TdmrInfo With(int i, Action<TdmrInfo> change)
    {
        var tdmr = ModuleBench.Tdmr(i);
        change(tdmr);
        return tdmr;
    }
}
