// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;

namespace TdxVerify.Core.Seamcall;

/// <summary>Reads the TDMRs that TDH.SYS.CONFIG is given out of host memory, as the module would, for the
/// trace.</summary>
public sealed class ConfiguredTable
{
    private const ulong MaxTdmrs = 64;
    private const ulong WordBytes = 8;

    private readonly TdmrInfo _info = new();

    /// <summary>Reads the whole array, at most 64 entries.</summary>
    /// <param name="operands">RCX the array, RDX its entries.</param>
    public void Read(in SeamcallRegisters operands, IHostMemory memory, TdmrTable table)
    {
        table.Clear();
        for (ulong i = 0; i < Math.Min(operands.Rdx, MaxTdmrs); i++)
        {
            _info.ReadFrom(memory, memory.Read(operands.Rcx + (WordBytes * i)));
            var used = TdmrInfo.ReservedSlots;
            while (used > 0 && _info.ReservedSize(used - 1) == 0 && _info.Offset(used - 1) == 0)
                used--;

            for (var slot = 0; slot < used; slot++)
                table.AddReserved(_info.Offset(slot), _info.ReservedSize(slot));

            table.Add(
                _info.Base, _info.Size, Pamt(PamtLevel.Level4K), Pamt(PamtLevel.Level2M), Pamt(PamtLevel.Level1G));
        }
    }

    private PamtView Pamt(PamtLevel level) => new(_info.PamtBase(level), _info.PamtSize(level));
}
