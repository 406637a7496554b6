// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxModule;

namespace TdxVerify.Bench.Inputs;

/// <summary>A module that waits for TDH.SYS.CONFIG, and a legal table for it: TDMRs of 1 GiB with five reserved areas
/// each.</summary>
public sealed class ConfigTable
{
    private const int ReservedAreas = 5;
    private const ulong FirstPamt = 128 * Sizes.Page1G;
    private const ulong PamtStride = 8 * Sizes.Mib;
    private const ulong Pamt4KSize = 4 * Sizes.Mib;
    private const ulong Pamt2MSize = 2 * Sizes.Page4K;

    private readonly SimulatedModule _module;
    private readonly Words _memory = new();
    private readonly ulong _count;
    private readonly ulong _keyId = KeyIdPartition.Usual.FirstPrivate;

    /// <summary>A module and a table.</summary>
    /// <param name="tdmrs">Number of TDMRs, at most 64.</param>
    public ConfigTable(int tdmrs)
    {
        var platform = new ModulePlatform();
        platform.Cmrs.Set([new Cmr(Sizes.Mib, (256 * Sizes.Page1G) - Sizes.Mib)]);
        _module = new SimulatedModule(ModuleProfile.V1_5, platform);
        _module.SysInit(0);
        _module.SysLpInit(0);
        _count = (ulong)tdmrs;
        for (ulong i = 0; i < _count; i++)
            Place(i);
    }

    /// <summary>TDH.SYS.CONFIG in front of its state change.</summary>
    public ulong Configure()
    {
        _module.State = ModuleState.SysInitDone;
        return _module.SysConfig(Words.Base, _count, _keyId, _memory);
    }

    private void Place(ulong i)
    {
        var info = Words.Base + ((i + 1) * Words.InfoStride);
        var pamt = FirstPamt + (i * PamtStride);
        _memory.Write(Words.Base + (sizeof(ulong) * i), info);
        ulong[] head =
        [
            (i + 1) * Sizes.Page1G, Sizes.Page1G,
            pamt + Pamt4KSize + Pamt2MSize, Sizes.Page4K,
            pamt + Pamt4KSize, Pamt2MSize,
            pamt, Pamt4KSize,
        ];
        for (var word = 0; word < head.Length; word++)
            _memory.Write(info + (sizeof(ulong) * (ulong)word), head[word]);

        for (ulong slot = 0; slot < ReservedAreas; slot++)
        {
            _memory.Write(
                info + TdmrInfo.ReservedOffset + (2 * sizeof(ulong) * slot), ((2 * slot) + 1) * 64 * Sizes.Mib);
            _memory.Write(info + TdmrInfo.ReservedOffset + (2 * sizeof(ulong) * slot) + sizeof(ulong), 16 * Sizes.Mib);
        }
    }

    /// <summary>Host memory in one piece: the array of addresses, then the TDMRs.</summary>
    private sealed class Words : IHostMemory
    {
        public const ulong Base = Sizes.Mib;
        public const ulong InfoStride = TdmrInfo.Alignment;

        private readonly ulong[] _words = new ulong[(SimulatedModule.MaxTdmrs + 1) * (int)InfoStride / sizeof(ulong)];

        public ulong Read(ulong address) => _words[(address - Base) / sizeof(ulong)];

        public void Write(ulong address, ulong value) => _words[(address - Base) / sizeof(ulong)] = value;
    }
}
