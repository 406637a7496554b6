// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Search.Reports;

namespace TdxVerify.Search;

/// <summary>A violation with a scenario that shows it.</summary>
/// <param name="Violation">What is violated, with the evidence on that scenario.</param>
/// <param name="Scenario">The scenario: the smallest, where it was shrunk.</param>
/// <param name="Evaluations">Scenarios that were evaluated to shrink it.</param>
public sealed record Finding(Violation Violation, Scenario Scenario, int Evaluations)
{
    public Property Property => PropertyCatalog.Of(Violation);

    /// <summary>The known issue that it is, or null.</summary>
    public KnownIssue? Known =>
        Violation.KnownIssue is { } name ? KnownIssueCatalog.Find(name, Violation.Property) : null;

    /// <summary>Memory of the scenario after its last step.</summary>
    public IReadOnlyList<AddressRange> Memory { get; init; } = [];

    /// <summary>PAMTs that TDH.SYS.CONFIG was told of.</summary>
    public IReadOnlyList<AddressRange> Pamts { get; init; } = [];

    /// <summary>What happened in it; null: nobody looked.</summary>
    public CaseReport? Report { get; init; }

    /// <summary>It failed once and then no more: the trace that did not fail, in words; else null.</summary>
    public IReadOnlyList<string>? SecondTrace { get; init; }
}
