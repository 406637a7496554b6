// SPDX-License-Identifier: MIT

using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxModule;

/// <summary>Accepts whatever it is given: the module of recorded kernel cases, which are about the host code alone, and of versions nobody knows.</summary>
/// <param name="platform">What TDH.SYS.RD and TDH.SYS.INFO report.</param>
/// <param name="tdmrInitStep">Bytes a TDH.SYS.TDMR.INIT does; 0: all.</param>
public sealed class PermissiveModule(ModulePlatform platform, ulong tdmrInitStep) : ISeamcall
{
    private readonly Dictionary<ulong, (ulong Next, ulong End)> _tdmrs = [];

    /// <inheritdoc/>
    public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
    {
        switch (rax)
        {
            case SeamcallLeaf.SysRd:
                registers = registers with { R8 = Field(registers.Rdx) };
                break;
            case SeamcallLeaf.SysInfo:
                platform.Cmrs.WriteTo(memory, registers.R8);
                registers = registers with { R9 = Cmr.MaxSlots };
                break;
            case SeamcallLeaf.SysConfig:
                Take(registers.Rcx, registers.Rdx, memory);
                break;
            case SeamcallLeaf.SysTdmrInit:
                registers = registers with { Rdx = Advance(registers.Rcx) };
                break;
            case SeamcallLeaf.PhymemPageRdmd:
                // PT_RSVD: the answer that makes the kernel look the address up among its PAMTs.
                registers = registers with { Rcx = 1 };
                break;
        }

        return TdxStatus.Success;
    }

    private void Take(ulong array, ulong count, IHostMemory memory)
    {
        _tdmrs.Clear();
        for (ulong i = 0; i < count; i++)
        {
            var info = memory.Read(array + (8 * i));
            var start = memory.Read(info);
            _tdmrs[start] = (start, start + memory.Read(info + 8));
        }
    }

    private ulong Advance(ulong start)
    {
        if (!_tdmrs.TryGetValue(start, out var tdmr))
        {
            return ulong.MaxValue;
        }

        var next = tdmrInitStep == 0 ? tdmr.End : Math.Min(tdmr.Next + tdmrInitStep, tdmr.End);
        _tdmrs[start] = tdmr with { Next = next };
        return next;
    }

    private ulong Field(ulong id) => id switch
    {
        MetadataField.MaxTdmrs => platform.Limits.MaxTdmrs,
        MetadataField.MaxReservedPerTdmr => platform.Limits.MaxReservedPerTdmr,
        MetadataField.Pamt4KEntrySize => platform.Limits.Pamt4KEntrySize,
        MetadataField.Pamt2MEntrySize => platform.Limits.Pamt2MEntrySize,
        MetadataField.Pamt1GEntrySize => platform.Limits.Pamt1GEntrySize,
        MetadataField.Features0 => platform.Features0 ?? 0,
        MetadataField.NumCmrs => Cmr.MaxSlots,
        >= MetadataField.CmrBase and < MetadataField.CmrBase + Cmr.MaxSlots => platform.Cmrs.Slots[(int)(id - MetadataField.CmrBase)].Base,
        >= MetadataField.CmrSize and < MetadataField.CmrSize + Cmr.MaxSlots => platform.Cmrs.Slots[(int)(id - MetadataField.CmrSize)].Size,
        _ => 0,
    };
}
