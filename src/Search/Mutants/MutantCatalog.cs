// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Mutants;

/// <summary>All mutants, by room of the code that they change.</summary>
public static class MutantCatalog
{
    /// <summary>Faults first, then the changes that must not matter.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. MemblockMutants.All,
        .. MemlistMutants.All,
        .. TdmrMutants.All,
        .. PamtMutants.All,
        .. ReservedAreaMutants.All,
        .. SequenceMutants.All,
        .. UnwindMutants.All,
        .. GateMutants.All,
        .. NotifierMutants.All,
        .. HotplugMutants.All,
        .. NumaMutants.All,
        .. CmrMutants.All,
        .. EquivalentMutants.All,
    ];

    /// <summary>The mutant of that name, or null.</summary>
    public static Mutant? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
