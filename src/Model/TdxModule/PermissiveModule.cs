// SPDX-License-Identifier: MIT

using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxModule;

/// <summary>Accepts whatever it is given: the module of recorded kernel cases, which are about the host code alone.</summary>
/// <param name="limits">What TDH.SYS.RD reports.</param>
/// <param name="tdmrInitStep">Bytes a TDH.SYS.TDMR.INIT does; 0: all.</param>
public sealed class PermissiveModule(ModuleLimits limits, ulong tdmrInitStep) : ISeamcall
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
        MetadataField.MaxTdmrs => limits.MaxTdmrs,
        MetadataField.MaxReservedPerTdmr => limits.MaxReservedPerTdmr,
        MetadataField.Pamt4KEntrySize => limits.Pamt4KEntrySize,
        MetadataField.Pamt2MEntrySize => limits.Pamt2MEntrySize,
        MetadataField.Pamt1GEntrySize => limits.Pamt1GEntrySize,
        _ => 0,
    };
}
