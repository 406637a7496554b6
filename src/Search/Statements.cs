// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Relations;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search;

/// <summary>Everything that is judged.</summary>
public static class Statements
{
    /// <summary>Invariants, relations and agreements, the canary last.</summary>
    public static IReadOnlyList<Statement> All { get; } = [.. InvariantCatalog.Create(), .. RelationCatalog.All, Agreement.WithReference, Agreement.WithOther, Canary.Invariant];

    /// <summary>The statement of that id, whatever its case, or null.</summary>
    public static Statement? Find(string id) => All.FirstOrDefault(s => s.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>A fresh set of invariants with the canary.</summary>
    internal static IEnumerable<Invariant> Invariants() => [.. InvariantCatalog.Create(), Canary.Invariant];
}
