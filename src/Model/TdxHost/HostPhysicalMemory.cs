// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.TdxHost;

/// <summary>The host's structures where the module finds them. The addresses are ours and mean nothing; they are legal
/// for every module.</summary>
internal sealed class HostPhysicalMemory(TdmrList tdmrs) : IHostMemory
{
    /// <summary>Where the array of TDMR addresses is.</summary>
    public const ulong PaArray = SysConfigOperand.Array;
    /// <summary>Where TDH.SYS.INFO writes its structure.</summary>
    public const ulong SysInfo = 2 * Sizes.Mib;
    /// <summary>Where TDH.SYS.INFO writes the CMRs.</summary>
    public const ulong CmrInfo = 3 * Sizes.Mib;

    private const ulong TdmrBuffer = 16 * Sizes.Mib;
    private const ulong WordBytes = 8;

    private readonly Dictionary<ulong, ulong> _written = [];

    /// <summary>Pages of module in the image that SEAMLDR_PARAMS describes.</summary>
    public ulong ModulePages { get; set; } = SeamldrParams.ModulePages;

    public void Reset()
    {
        if (_written.Count > 0)
            _written.Clear();
    }

    public void Write(ulong address, ulong value) => _written[address] = value;

    public ulong Read(ulong address)
    {
        var entry = (address - PaArray) / WordBytes;
        if (address >= PaArray && entry < (ulong)tdmrs.Consumed)
            return TdmrBuffer + (entry * tdmrs.Stride);

        var offset = address - TdmrBuffer;
        if (address >= TdmrBuffer && tdmrs.Stride != 0 && offset / tdmrs.Stride < (ulong)tdmrs.Consumed)
            return Word(tdmrs[(int)(offset / tdmrs.Stride)], offset % tdmrs.Stride / WordBytes);

        if (address >= SeamldrParams.Address && address < SeamldrParams.Address + Sizes.Page4K)
            return SeamldrParams.Word(address - SeamldrParams.Address, ModulePages);

        return _written.GetValueOrDefault(address);
    }

    public void Read(ulong address, Span<ulong> words)
    {
        var offset = address - TdmrBuffer;
        if (words.Length == TdmrInfo.Words && address >= TdmrBuffer && tdmrs.Stride != 0
            && offset / tdmrs.Stride < (ulong)tdmrs.Consumed && offset % tdmrs.Stride == 0)
        {
            CopyOut(tdmrs[(int)(offset / tdmrs.Stride)], words);
            return;
        }

        for (var i = 0; i < words.Length; i++)
            words[i] = Read(address + (WordBytes * (ulong)i));
    }

    /// <summary>A whole TDMR_INFO at once; areas that the module has no slots for are left out.</summary>
    private static void CopyOut(Tdmr tdmr, Span<ulong> words)
    {
        var at = 0;
        words[at++] = tdmr.Base;
        words[at++] = tdmr.Size;
        for (var level = PamtLevel.Level1G; level >= PamtLevel.Level4K; level--)
        {
            words[at++] = tdmr.PamtBase(level);
            words[at++] = tdmr.PamtSize(level);
        }

        foreach (ref readonly var area in CollectionsMarshal.AsSpan(tdmr.Reserved))
        {
            if (at == words.Length)
                return;

            words[at++] = area.Offset;
            words[at++] = area.Size;
        }

        words[at..].Clear();
    }

    private static ulong Word(Tdmr tdmr, ulong index)
    {
        const ulong FirstPamt = 2;
        const ulong FirstArea = TdmrInfo.ReservedOffset / WordBytes;
        if (index < FirstPamt)
            return index == 0 ? tdmr.Base : tdmr.Size;

        if (index < FirstArea)
        {
            var level = (PamtLevel)(PamtLevels.Count - 1 - (int)((index - FirstPamt) / 2));
            return index % 2 == 0 ? tdmr.PamtBase(level) : tdmr.PamtSize(level);
        }

        var area = (index - FirstArea) / 2;
        if (area >= (ulong)tdmr.Reserved.Count)
            return 0;

        return index % 2 == 0 ? tdmr.Reserved[(int)area].Offset : tdmr.Reserved[(int)area].Size;
    }
}
