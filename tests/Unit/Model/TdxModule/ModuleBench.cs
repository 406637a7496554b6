// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>
/// A module with one CMR [4G, 128G). TDMR i is the GiB at 4G + i GiB; its PAMTs lie from 100G + i * 8 MiB on:
/// 4K table (4 MiB), 2M table (8 KiB), 1G table (4 KiB). Private KeyIDs are [32, 64), KeyID bits 51:46.
/// </summary>
internal sealed class ModuleBench
{
    public const ulong Array = M;
    public const ulong Infos = 2 * M;
    public const ulong FirstPamt = 100 * G;
    public const ulong PamtStride = 8 * M;

    public ModuleBench(ModuleProfile? profile = null)
    {
        Platform.Cmrs.Set([new Cmr(4 * G, 124 * G)]);
        Module = new SimulatedModule(profile ?? ModuleProfile.V1_5, Platform);
        Dispatcher = new ModuleDispatcher(Module);
    }

    public ModulePlatform Platform { get; } = new();

    public SimulatedModule Module { get; }

    public ModuleDispatcher Dispatcher { get; }

    public MemoryImage Memory { get; } = new();

    public static TdmrInfo Tdmr(int i)
    {
        var tdmr = new TdmrInfo { Base = (4 + (ulong)i) * G, Size = G };
        var pamt = FirstPamt + ((ulong)i * PamtStride);
        tdmr.SetPamt(PamtLevel.Level4K, pamt, 4 * M);
        tdmr.SetPamt(PamtLevel.Level2M, pamt + (4 * M), 8 * K);
        tdmr.SetPamt(PamtLevel.Level1G, pamt + (4 * M) + (8 * K), 4 * K);
        return tdmr;
    }

    public ModuleBench WithCmrs(params (ulong Start, ulong End)[] cmrs)
    {
        Platform.Cmrs.Set([.. cmrs.Select(static c => new Cmr(c.Start, c.End - c.Start))]);
        return this;
    }

    public ulong Call(ulong leaf, ulong rcx = 0, int lp = 0) => Call(leaf, new SeamcallRegisters(Rcx: rcx), out _, lp);

    public ulong Call(ulong leaf, SeamcallRegisters operands, out SeamcallRegisters results, int lp = 0)
    {
        results = operands;
        return Dispatcher.Call(lp, leaf, ref results, Memory);
    }

    /// <summary>TDH.SYS.CONFIG with these TDMRs.</summary>
    public ulong Config(params TdmrInfo[] tdmrs) => ConfigWith(32, tdmrs);

    public ulong ConfigWith(ulong keyIdAndFlags, params TdmrInfo[] tdmrs)
    {
        for (var i = 0; i < tdmrs.Length; i++)
        {
            var at = Infos + ((ulong)i * 1024);
            Memory.Write(Array + (8 * (ulong)i), at);
            Memory.Place(at, tdmrs[i]);
        }

        return Call(SeamcallLeaf.SysConfig, new SeamcallRegisters(Array, (ulong)tdmrs.Length, keyIdAndFlags), out _);
    }

    /// <summary>Brings the module to a state by the legal way; shutdown through module 1.5's leaf.</summary>
    public ModuleBench To(ModuleState state)
    {
        if (state >= ModuleState.SysInitDone)
        {
            Assert.Equal(0UL, Call(SeamcallLeaf.SysInit));
            for (var lp = 0; lp < Platform.Lps; lp++)
            {
                Assert.Equal(0UL, Call(SeamcallLeaf.SysLpInit, lp: lp));
            }
        }

        if (state >= ModuleState.SysConfigDone)
        {
            Assert.Equal(0UL, Config(Tdmr(0)));
        }

        if (state >= ModuleState.SysReady)
        {
            Assert.Equal(0UL, Call(SeamcallLeaf.SysKeyConfig));
        }

        if (state >= ModuleState.SysShutdown)
        {
            Assert.Equal(0UL, Call(SeamcallLeaf.SysShutdown, Platform.HandoffVersion));
        }

        Assert.Equal(state, Module.State);
        return this;
    }
}

/// <summary>Host memory word by word; KeyID bits of an address don't choose other memory.</summary>
internal sealed class MemoryImage : IHostMemory
{
    private const ulong AddressBits = (1UL << 46) - 1;

    private readonly Dictionary<ulong, ulong> _words = [];

    public ulong Read(ulong address) => _words.GetValueOrDefault(address & AddressBits);

    public void Write(ulong address, ulong value) => _words[address & AddressBits] = value;

    /// <summary>TDMR_INFO: base, size, PAMTs of 1G, 2M and 4K, then 16 pairs of offset and size.</summary>
    public void Place(ulong address, TdmrInfo tdmr)
    {
        ulong[] head =
        [
            tdmr.Base, tdmr.Size,
            tdmr.PamtBase(PamtLevel.Level1G), tdmr.PamtSize(PamtLevel.Level1G),
            tdmr.PamtBase(PamtLevel.Level2M), tdmr.PamtSize(PamtLevel.Level2M),
            tdmr.PamtBase(PamtLevel.Level4K), tdmr.PamtSize(PamtLevel.Level4K),
        ];
        for (var i = 0; i < head.Length; i++)
        {
            Write(address + (8 * (ulong)i), head[i]);
        }

        for (var slot = 0; slot < 16; slot++)
        {
            Write(address + 64 + (16 * (ulong)slot), tdmr.Offset(slot));
            Write(address + 72 + (16 * (ulong)slot), tdmr.ReservedSize(slot));
        }
    }
}
