// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Search;

/// <summary>A statement that a case broke.</summary>
/// <param name="Property">The statement.</param>
/// <param name="Verdict">The evidence.</param>
/// <param name="Known">What it is known as, or null.</param>
/// <param name="Detail">What no number says: where two traces part, what panic() said; or null.</param>
public readonly record struct Breach(Property Property, Verdict Verdict, KnownIssue? Known, string? Detail = null);
