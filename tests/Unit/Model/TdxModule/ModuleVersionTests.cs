// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

public sealed class ModuleVersionTests
{
    private const ulong DynamicPamt = 1UL << 16;
    private const ulong TdmrOutside = 0xC0000A0200000000;
    private const ulong R8 = 0xC000010000000008;

    [Fact]
    public void UnknownVersionHasNoProfile()
    {
        Assert.Null(ModuleProfile.Of(new ModuleVersion(3, 1)));
        Assert.Equal(["1.0", "1.5", "2.0"], ModuleProfile.All.Select(static p => p.Version.ToString()));
    }

    [Theory]
    [InlineData(SeamcallLeaf.SysRd)]
    [InlineData(SeamcallLeaf.SysRdAll)]
    public void Version10HasNoSysRd(ulong leaf)
    {
        var bench = new ModuleBench(ModuleProfile.V1_0);
        Assert.Equal(0xC000050500000000, bench.To(ModuleState.SysInitDone).Call(leaf));
        bench.Config(ModuleBench.Tdmr(0));
        bench.Call(SeamcallLeaf.SysKeyConfig);
        Assert.Equal(0xC000010000000000, bench.Call(leaf));
    }

    [Fact]
    public void KernelFailsOnVersion10()
    {
        var run = WithRam((4 * G, 5 * G, 0)).WithCmr(4 * G, 5 * G).RunOn(ModuleProfile.V1_0);
        Assert.Equal((-5, TdxModuleStatus.Error), (run.Enabled(), run.Status));
        var line = run.Trace.Line(KernelLine.SeamcallFailed);
        Assert.Equal((34UL, 0xC000050500000000), (line.Log.First, line.Log.Second));
    }

    [Theory]
    [InlineData("1.0", ModuleState.SysShutdown)]
    [InlineData("1.5", ModuleState.SysInitDone)]
    [InlineData("2.0", ModuleState.SysInitDone)]
    public void OnlyVersion10IsShutDownByLpShutdown(string version, ModuleState state)
    {
        var bench = new ModuleBench(Profile(version)).To(ModuleState.SysInitDone);
        Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysLpShutdown));
        Assert.Equal(state, bench.Module.State);
    }

    /*
     *  4G      16 areas, the last up to 5G    5G
     *  |#..#..#..#..................#.........|      CMR ends inside the last area, at 4.5G
     */
    [Theory]
    [InlineData("1.0", 16, 512UL, TdmrOutside)]
    [InlineData("1.5", 16, 512UL, 0UL)]
    [InlineData("2.0", 16, 512UL, 0UL)]
    [InlineData("1.0", 15, 512UL, 0UL)]
    [InlineData("1.0", 16, 1024UL, 0UL)]
    [InlineData("1.0", 16, 2048UL, 0UL)]
    public void EmptyTailBehindSixteenAreas(string version, int areas, ulong cmrMib, ulong status)
    {
        var bench = new ModuleBench(Profile(version)).WithCmrs((4 * G, (4 * G) + (cmrMib * M)), (100 * G, 101 * G)).To(ModuleState.SysInitDone);
        var tdmr = ModuleBench.Tdmr(0);
        for (var slot = 0; slot < areas; slot++)
        {
            var offset = ((ulong)slot * 16 * M) + (8 * M);
            tdmr.SetReserved(slot, offset, slot == areas - 1 ? G - offset : 8 * M);
        }

        Assert.Equal(status, bench.Config(tdmr));
    }

    [Theory]
    [InlineData("1.0", R8)]
    [InlineData("1.5", R8)]
    [InlineData("2.0", 0UL)]
    public void OnlyVersion20TakesTheDynamicPamtFlag(string version, ulong status)
    {
        var bench = new ModuleBench(Profile(version)).To(ModuleState.SysInitDone);
        Assert.Equal(status, bench.ConfigWith(32 | DynamicPamt, ModuleBench.Tdmr(0)));
    }

    [Fact]
    public void Version20TakesNoOtherFlag()
    {
        var bench = new ModuleBench(ModuleProfile.V2_0).To(ModuleState.SysInitDone);
        Assert.Equal(R8, bench.ConfigWith(32 | DynamicPamt | (1UL << 17), ModuleBench.Tdmr(0)));
        Assert.Equal(0, bench.Module.KotState(32));
    }

    // A bit a 4 KiB page: 32 KiB a GiB.
    [Theory]
    [InlineData(DynamicPamt, 0x8000UL, 0UL)]
    [InlineData(DynamicPamt, 0x7000UL, 0xC0000A1000000000)]
    [InlineData(0UL, 0x8000UL, 0xC0000A1000000000)]
    [InlineData(0UL, 0x400000UL, 0UL)]
    public void BitmapIsSmaller(ulong flag, ulong size, ulong status)
    {
        var bench = new ModuleBench(ModuleProfile.V2_0).To(ModuleState.SysInitDone);
        var tdmr = ModuleBench.Tdmr(0);
        tdmr.SetPamt(PamtLevel.Level4K, ModuleBench.FirstPamt, size);
        Assert.Equal(status, bench.ConfigWith(32 | flag, tdmr));
    }

    [Theory]
    [InlineData(DynamicPamt, 64)]
    [InlineData(0UL, 256)]
    public void DynamicPamtTakes64CallsAGib(ulong flag, int calls)
    {
        var bench = new ModuleBench(ModuleProfile.V2_0).To(ModuleState.SysInitDone);
        Assert.Equal(0UL, bench.ConfigWith(32 | flag, ModuleBench.Tdmr(0)));
        Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysKeyConfig));
        for (var call = 1; call <= calls; call++)
        {
            Assert.Equal(0UL, bench.Call(SeamcallLeaf.SysTdmrInit, new SeamcallRegisters(4 * G), out var results));
            Assert.Equal(call < calls ? 4 * G : 5 * G, results.Rdx);
        }
    }

    [Theory]
    [InlineData(48, 0UL)]
    [InlineData(49, R8)]
    public void DynamicPamtNeedsKeyIdBitsFrom48Down(int hkidStart, ulong status)
    {
        var bench = new ModuleBench(ModuleProfile.V2_0);
        bench.Platform.Rules = new PhysicalAddressRules(hkidStart, new KeyIdPartition(1, 2), new AddressRange(0x78000000, 0x7a000000));
        bench.To(ModuleState.SysInitDone);
        Assert.Equal(status, bench.ConfigWith(2 | DynamicPamt, ModuleBench.Tdmr(0)));
        Assert.Equal((3, 2UL), (bench.Module.KotState(2), bench.Module.GlobalHkid));
    }

    [Theory]
    [InlineData("2.0", MetadataField.Features0)]
    [InlineData("2.0", MetadataField.UpdateVersion)]
    [InlineData("1.5", 0x8800000200000001)]
    [InlineData("1.5", 0x8800000100000002)]
    public void UnknownValueIsNotGuessed(string version, ulong field)
    {
        var bench = new ModuleBench(Profile(version)).To(ModuleState.SysInitDone);
        Assert.Throws<UnknownModuleRuleException>(() => bench.Call(SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: field), out _));
    }

    [Fact]
    public void UnknownListIsNotGuessed()
    {
        var bench = new ModuleBench().To(ModuleState.SysInitDone);
        Assert.Equal(0xC000010000000002, bench.Call(SeamcallLeaf.SysRdAll, new SeamcallRegisters(Rdx: 512), out _));
        Assert.Throws<UnknownModuleRuleException>(() => bench.Call(SeamcallLeaf.SysRdAll, new SeamcallRegisters(Rdx: 4096), out _));
    }

    [Fact]
    public void WhatIsNotKnownIsNamed()
    {
        var bench = new ModuleBench().To(ModuleState.SysInitDone);
        var list = Assert.Throws<UnknownModuleRuleException>(() => bench.Call(SeamcallLeaf.SysRdAll, new SeamcallRegisters(Rdx: 4096), out _));
        Assert.Equal("TDX module 1.5: the list that TDH.SYS.RDALL writes is not known", list.Message);
        var field = Assert.Throws<UnknownModuleRuleException>(() => bench.Call(SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: 0x8800000200000001), out _));
        Assert.Equal("TDX module 1.5: the value of metadata field 0x8800000200000001 is not known", field.Message);
    }

    private static ModuleProfile Profile(string version) => ModuleProfile.All.Single(p => p.Version.ToString() == version);
}
