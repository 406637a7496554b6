// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>What the TDX module reports by TDH.SYS.RD and the host builds TDMRs by.</summary>
/// <param name="Pamt4KEntrySize">PAMT_4K_ENTRY_SIZE in bytes.</param>
/// <param name="Pamt2MEntrySize">PAMT_2M_ENTRY_SIZE in bytes.</param>
/// <param name="Pamt1GEntrySize">PAMT_1G_ENTRY_SIZE in bytes.</param>
public readonly record struct ModuleLimits(
    ushort MaxTdmrs,
    ushort MaxReservedPerTdmr,
    ushort Pamt4KEntrySize,
    ushort Pamt2MEntrySize,
    ushort Pamt1GEntrySize)
{
    /// <summary>The limits of every published module: 64 TDMRs, 16 reserved areas, 16 bytes a PAMT entry.</summary>
    public static ModuleLimits Usual => new(64, 16, 16, 16, 16);
}
