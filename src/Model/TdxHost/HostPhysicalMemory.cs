// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>The host's structures where the module finds them. The addresses are ours and mean nothing; they are legal for every module.</summary>
/// <param name="tdmrs">The TDMR buffer.</param>
/// <param name="listsBackwards">The array of TDMR addresses begins with the last one.</param>
internal sealed class HostPhysicalMemory(TdmrList tdmrs, bool listsBackwards) : IHostMemory
{
    /// <summary>Where the array of TDMR addresses is.</summary>
    public const ulong PaArray = Sizes.Mib;

    /// <summary>Where TDH.SYS.INFO writes its structure.</summary>
    public const ulong SysInfo = 2 * Sizes.Mib;

    /// <summary>Where TDH.SYS.INFO writes the CMRs.</summary>
    public const ulong CmrInfo = 3 * Sizes.Mib;

    private const ulong TdmrBuffer = 16 * Sizes.Mib;
    private const ulong WordBytes = 8;

    private readonly Dictionary<ulong, ulong> _written = [];

    /// <summary>Another kernel boots.</summary>
    public void Reset()
    {
        if (_written.Count > 0)
        {
            _written.Clear();
        }
    }

    /// <inheritdoc/>
    public void Write(ulong address, ulong value) => _written[address] = value;

    /// <inheritdoc/>
    public ulong Read(ulong address)
    {
        var entry = (address - PaArray) / WordBytes;
        if (address >= PaArray && entry < (ulong)tdmrs.Consumed)
        {
            return TdmrBuffer + ((listsBackwards ? (ulong)tdmrs.Consumed - 1 - entry : entry) * tdmrs.Stride);
        }

        var offset = address - TdmrBuffer;
        if (address >= TdmrBuffer && tdmrs.Stride != 0 && offset / tdmrs.Stride < (ulong)tdmrs.Consumed)
        {
            return Word(tdmrs[(int)(offset / tdmrs.Stride)], offset % tdmrs.Stride / WordBytes);
        }

        return _written.GetValueOrDefault(address);
    }

    private static ulong Word(Tdmr tdmr, ulong index)
    {
        const ulong FirstPamt = 2;
        const ulong FirstArea = TdmrInfo.ReservedOffset / WordBytes;
        if (index < FirstPamt)
        {
            return index == 0 ? tdmr.Base : tdmr.Size;
        }

        if (index < FirstArea)
        {
            var level = (PamtLevel)(PamtLevels.Count - 1 - (int)((index - FirstPamt) / 2));
            return index % 2 == 0 ? tdmr.PamtBase(level) : tdmr.PamtSize(level);
        }

        var area = (index - FirstArea) / 2;
        if (area >= (ulong)tdmr.Reserved.Count)
        {
            return 0;
        }

        return index % 2 == 0 ? tdmr.Reserved[(int)area].Offset : tdmr.Reserved[(int)area].Size;
    }
}
