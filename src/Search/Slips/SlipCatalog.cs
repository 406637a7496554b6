// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Slips;

/// <summary>All slips, by room of the code that they change.</summary>
public static class SlipCatalog
{
    /// <summary>Faults first, then the changes that must not matter.</summary>
    public static IReadOnlyList<Slip> All { get; } =
    [
        .. MemblockSlips.All,
        .. MemlistSlips.All,
        .. TdmrSlips.All,
        .. PamtSlips.All,
        .. ReservedAreaSlips.All,
        .. SequenceSlips.All,
        .. UnwindSlips.All,
        .. GateSlips.All,
        .. NotifierSlips.All,
        .. HotplugSlips.All,
        .. NumaSlips.All,
        .. CmrSlips.All,
        .. NeutralVariants.All,
    ];

    /// <summary>The slip of that name, or null.</summary>
    public static Slip? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
