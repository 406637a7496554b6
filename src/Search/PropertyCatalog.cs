// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Metamorphic;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search;

/// <summary>Everything that is judged.</summary>
public static class PropertyCatalog
{
    /// <summary>Invariants, relations and agreements, the canary last.</summary>
    public static IReadOnlyList<Property> All { get; } = [.. InvariantCatalog.Create(), .. MetamorphicCatalog.All, Agreement.WithReference, Agreement.WithOther, Canary.Invariant];

    /// <summary>The statement of that id, whatever its case, or null.</summary>
    public static Property? Find(string id) => All.FirstOrDefault(s => s.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>A fresh set of invariants with the canary.</summary>
    internal static IEnumerable<Invariant> Invariants() => [.. InvariantCatalog.Create(), Canary.Invariant];
}
