// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;

namespace TdxVerify.Search.Designs;

/// <summary>What a search says about one invariant under one design.</summary>
/// <param name="Design">The design.</param>
/// <param name="Invariant">The invariant.</param>
/// <param name="Cases">Cases that were tried.</param>
/// <param name="Broken">The smallest scenario that breaks it, or null: it holds in all of them.</param>
/// <param name="File">Where that scenario lies.</param>
public sealed record DesignVerdict(Design Design, Property Invariant, ulong Cases, Finding? Broken, string? File);
