// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>Ids are written out as the module defines them, not by our names.</summary>
public sealed class ModuleReadTests
{
    private const ulong NoField = ulong.MaxValue;
    private const ulong CmrBase = 0x9000000300000080;
    private const ulong CmrSize = 0x9000000300000100;

    private readonly ModuleBench _bench = new ModuleBench().To(ModuleState.SysInitDone);

    [Theory]
    [InlineData(0x9000000100000000, 32UL, CmrBase)]
    [InlineData(CmrBase, 4 * G, CmrBase + 1)]
    [InlineData(CmrBase + 1, 0UL, CmrBase + 2)]
    [InlineData(CmrBase + 31, 0UL, CmrSize)]
    [InlineData(CmrSize, 124 * G, CmrSize + 1)]
    [InlineData(CmrSize + 31, 0UL, 0x9100000100000008)]
    [InlineData(0x9100000100000008, 64UL, 0x9100000100000009)]
    [InlineData(0x9100000100000009, 16UL, 0x9100000100000010)]
    [InlineData(0x9100000100000010, 16UL, 0x9100000100000011)]
    [InlineData(0x9100000100000011, 16UL, 0x9100000100000012)]
    [InlineData(0x0800000100000004, 1UL, 0x0800000100000005)]
    [InlineData(0x0800000100000003, 5UL, 0x0800000100000004)]
    [InlineData(0x0A00000300000008, 0xF0EBFUL, 0x9000000100000000)]
    public void FieldHasAValueAndANextField(ulong id, ulong value, ulong next)
    {
        var (status, results) = Read(id);
        Assert.Equal((0UL, next, value), (status, results.Rdx, results.R8));
    }

    // What came after 1.5.01, whose answers were recorded, is there on a machine; and what the facts give no value for has one.
    [Theory]
    [InlineData("1.5", 0x9900000100000008, true)]
    [InlineData("2.0", 0x9900000100000008, true)]
    [InlineData("2.0", 0x9100000000000013, true)]
    [InlineData("1.5", 0x9100000000000013, false)]
    [InlineData("1.5", 0x9800000100000200, true)]
    [InlineData("1.5", 0x9900000100000004, true)]
    public void MachineHasTheFieldsThatKernelsRead(string version, ulong id, bool isThere)
    {
        var bench = new ModuleBench(ModuleProfile.All.Single(p => p.Version.ToString() == version)).To(ModuleState.SysInitDone);
        (bench.Platform.HasUnused, bench.Platform.CpuidConfigs) = (true, 3);
        var status = bench.Call(SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: id), out var results);
        Assert.Equal((isThere ? 0 : 0xC0000C0000000000, isThere), (status, results.R8 != 0));
    }

    [Fact]
    public void FieldsAfterTheRecordedVersionAreNotThere() => Assert.Equal(0xC0000C0000000000, Read(0x9900000100000008).Status);

    // Element size, inc bit, mask bit, context and the top bit are not looked at.
    [Theory]
    [InlineData(0x1000000000000080UL)]
    [InlineData(0x1000000100000080UL)]
    [InlineData(0x9004000300000080)]
    [InlineData(0x9008000300000080)]
    [InlineData(0x9070000300000080)]
    public void FieldIsFoundByClassAndCode(ulong id)
    {
        var (status, results) = Read(id);
        Assert.Equal((0UL, 4 * G), (status, results.R8));
    }

    [Theory]
    [InlineData(0x9000000301000080)]
    [InlineData(0x9000800300000080)]
    [InlineData(0x9080000300000080)]
    [InlineData(0xD000000300000080)]
    [InlineData(0x9000000700000080)]
    [InlineData(0x9000004300000080)]
    [InlineData(0x9000000300000120)]
    [InlineData(0x9000000300000001)]
    [InlineData(0xBF00000300000080)]
    public void UnknownFieldOrReservedBit(ulong id)
    {
        var (status, results) = Read(id);
        Assert.Equal((0xC0000C0000000000, NoField, 0UL), (status, results.Rdx, results.R8));
    }

    [Fact]
    public void AllOnesAskForTheFirstField()
    {
        var (status, results) = Read(NoField);
        Assert.Equal((0x00000C0B00000000UL, 0UL), (status, results.R8));
        Assert.NotEqual(NoField, results.Rdx);
    }

    [Fact]
    public void EmptySlotsShowWhatTheFirmwareLeft()
    {
        _bench.Platform.Cmrs.Set([new Cmr(0xabc, 0), new Cmr(4 * G, G)]);
        Assert.Equal([0xabcUL, 0, 4 * G, G], new[] { CmrBase, CmrSize, CmrBase + 1, CmrSize + 1 }.Select(id => Read(id).Results.R8));
    }

    [Fact]
    public void NumberOfCmrsIsTheSizeOfTheTable()
    {
        _bench.Platform.Cmrs.Set([]);
        Assert.Equal(32UL, Read(0x9000000100000000).Results.R8);
    }

    [Theory]
    [InlineData(SeamcallLeaf.SysRd)]
    [InlineData(SeamcallLeaf.SysRdAll)]
    [InlineData(SeamcallLeaf.SysInfo)]
    public void LpMustBeInitialised(ulong leaf) => Assert.Equal(0xC000050200000000, _bench.Call(leaf, lp: 1));

    [Theory]
    [InlineData(ModuleState.SysConfigDone)]
    [InlineData(ModuleState.SysReady)]
    public void FieldsAreReadInLaterStatesToo(ModuleState state)
    {
        Assert.Equal(0UL, new ModuleBench().To(state).Call(SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: 0x9100000100000008), out var results));
        Assert.Equal(64UL, results.R8);
    }

    [Fact]
    public void SysRdDoesNotTakeTheLock()
    {
        _bench.Module.LockHeld = true;
        Assert.Equal(0UL, Read(0x9100000100000008).Status);
    }

    [Theory]
    [InlineData(M + 512, 1024UL, 2 * M, 32UL, 0xC000010000000001)]
    [InlineData(0x78000000UL, 1024UL, 2 * M, 32UL, 0xC000010000000001)]
    [InlineData(M, 1023UL, 2 * M, 32UL, 0xC000010000000002)]
    [InlineData(M, 1024UL, (2 * M) + 256, 32UL, 0xC000010000000008)]
    [InlineData(M, 1024UL, 2 * M, 31UL, 0xC000010000000009)]
    public void SysInfoChecksItsBuffers(ulong rcx, ulong rdx, ulong r8, ulong r9, ulong status) =>
        Assert.Equal(status, _bench.Call(SeamcallLeaf.SysInfo, new SeamcallRegisters(rcx, rdx, r8, r9), out _));

    [Fact]
    public void SysInfoWritesEverySlot()
    {
        _bench.Platform.Cmrs.Set([new Cmr(4 * G, G), default, new Cmr(8 * G, M)]);
        Assert.Equal(0UL, _bench.Call(SeamcallLeaf.SysInfo, new SeamcallRegisters(M, 2048, 2 * M, 64), out var results));
        Assert.Equal((1024UL, 32UL), (results.Rdx, results.R9));
        Assert.Equal([4 * G, G, 0, 0, 8 * G, M, 0], Enumerable.Range(0, 7).Select(i => _bench.Memory.Read((2 * M) + (8 * (ulong)i))));
    }

    private (ulong Status, SeamcallRegisters Results) Read(ulong id)
    {
        var status = _bench.Call(SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: id), out var results);
        return (status, results);
    }
}
