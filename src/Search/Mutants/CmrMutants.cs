// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of kernels that take holes from CMRs.</summary>
internal static class CmrMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new(
            "cmr-holes-unchecked",
            "holes come from CMRs, and memory outside all CMRs falls into a reserved area",
            "H2: follow-up to v8 8/9, 2024-12-04",
            HostRules.Merged with { Holes = HoleSource.Cmrs, CmrReading = CmrReading.SysRd })
        {
            Choices = MergedChoices.None,
        },
        new(
            "cmr-null-kept",
            "empty CMR slots take part in the search for holes",
            "H3: patch 'Trim away tail null CMRs', 2024-11-14",
            HostProfile.CmrHolesV82.Rules with { Reserved = new ReservedAreaRules { KeepsEmptyCmrs = true } })
        {
            Choices = MergedChoices.None,
        },
    ];
}
