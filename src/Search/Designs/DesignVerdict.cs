// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;

namespace TdxVerify.Search.Designs;

/// <summary>What a search says about one invariant under one design.</summary>
/// <param name="Broken">The smallest scenario that breaks it, or null: it holds in all of them.</param>
public sealed record DesignVerdict(Design Design, Property Invariant, ulong Cases, Finding? Broken, string? File);
