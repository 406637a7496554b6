// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Metamorphic;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search;

/// <summary>Everything that is judged.</summary>
public static class PropertyCatalog
{
    /// <summary>Invariants, metamorphic and differential properties, the canary last.</summary>
    public static IReadOnlyList<Property> All { get; } =
        [.. InvariantCatalog.Create(), .. MetamorphicCatalog.All, DifferentialProperty.WithReference,
            DifferentialProperty.WithOther, Canary.Invariant];

    /// <summary>What is judged where nobody asks for less: all but the canary.</summary>
    public static IReadOnlyList<Property> Usual { get; } = [.. All.Where(static p => p.Id != Canary.Invariant.Id)];

    private static readonly Dictionary<string, Property> ById = All.ToDictionary(static p => p.Id);

    public static Property Of(in Violation violation) => ById[violation.Property];

    /// <summary>The property of that id, whatever its case, or null.</summary>
    public static Property? Find(string id) =>
        All.FirstOrDefault(s => s.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>A fresh set of invariants with the canary.</summary>
    internal static IEnumerable<Invariant> Invariants() => [.. InvariantCatalog.Create(), Canary.Invariant];
}
