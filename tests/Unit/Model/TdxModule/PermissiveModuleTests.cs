// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>The module that accepts everything still answers for the platform and goes through its TDMRs.</summary>
public sealed class PermissiveModuleTests
{
    private readonly ModulePlatform _platform = new();
    private readonly MemoryImage _memory = new();
    private readonly PermissiveModule _module;

    public PermissiveModuleTests() => _module = new PermissiveModule(_platform, 256 * M);

    private SeamcallRegisters Call(ulong leaf, SeamcallRegisters registers)
    {
        Assert.Equal(TdxStatus.Success, _module.Call(0, leaf, ref registers, _memory));
        return registers;
    }

    private void Configure(params ulong[] bases)
    {
        for (var i = 0; i < bases.Length; i++)
        {
            var info = ModuleBench.Infos + ((ulong)i * 1024);
            _memory.Write(ModuleBench.Array + (8 * (ulong)i), info);
            _memory.Place(info, new TdmrInfo { Base = bases[i], Size = G });
        }

        Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, (ulong)bases.Length));
    }

    private ulong Init(ulong tdmr) => Call(SeamcallLeaf.SysTdmrInit, new SeamcallRegisters(tdmr)).Rdx;

    // In ascending order and in any other, beyond 64 too: every one goes on where it was.
    [Theory]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(65, false)]
    [InlineData(130, true)]
    public void EveryTdmrAdvancesByItself(int count, bool isBackwards)
    {
        ulong[] bases = [.. Enumerable.Range(1, count).Select(i => (ulong)(isBackwards ? count + 1 - i : i) * 4 * G)];
        Configure(bases);
        for (ulong step = 1; step <= 5; step++)
        {
            Assert.All(bases, tdmr => Assert.Equal(tdmr + (Math.Min(step, 4) * 256 * M), Init(tdmr)));
        }
    }

    [Fact]
    public void OfTdmrsWithOneBaseTheLastCounts()
    {
        Configure(4 * G, 8 * G, 4 * G, 4 * G);
        _memory.Place(ModuleBench.Infos + 3072, new TdmrInfo { Base = 4 * G, Size = 128 * M });
        Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(ModuleBench.Array, 4));
        Assert.Equal((4 * G) + (128 * M), Init(4 * G));
    }

    [Fact]
    public void OrderIsLookedAtAgainByTheNextConfig()
    {
        Configure(8 * G, 4 * G, 6 * G);
        Configure(4 * G, 6 * G, 8 * G);
        Assert.Equal((6 * G) + (256 * M), Init(6 * G));
        Assert.Equal(ulong.MaxValue, Init(5 * G));
    }

    [Fact]
    public void SysInfoWritesTheCmrs()
    {
        _platform.Cmrs.Set([new Cmr(4 * G, G), new Cmr(6 * G, 2 * G)]);
        Assert.Equal(32UL, Call(SeamcallLeaf.SysInfo, new SeamcallRegisters(R8: 3 * M)).R9);
        Assert.Equal([4 * G, G, 6 * G, 2 * G, 0UL], Enumerable.Range(0, 5).Select(i => _memory.Read((3 * M) + (8 * (ulong)i))));
    }

    [Fact]
    public void FieldsBehindTheLastCmrAreZero()
    {
        _platform.Cmrs.Set([.. Enumerable.Range(1, 32).Select(static i => new Cmr((ulong)i * G, (ulong)i * M))]);
        Assert.Equal((32 * G, 32 * M), (Read(MetadataField.CmrBase + 31), Read(MetadataField.CmrSize + 31)));
        Assert.Equal((0UL, 0UL), (Read(MetadataField.CmrBase + 32), Read(MetadataField.CmrSize + 32)));
    }

    private ulong Read(ulong field) => Call(SeamcallLeaf.SysRd, new SeamcallRegisters(Rdx: field)).R8;
}
