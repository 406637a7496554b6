// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>A rule that makes mutants of a function.</summary>
/// <param name="Name">A part of a mutant's name.</param>
/// <param name="Apply">The edits, in the order of the source.</param>
public sealed record MutationOperator(
    string Name, string Summary, Func<CFunction, IEnumerable<SourceEdit>> Apply);
