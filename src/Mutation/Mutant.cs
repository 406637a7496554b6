// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Mutation;

/// <summary>A kernel's source with one small fault, by which the harness is measured.</summary>
/// <param name="Name">Its name on the command line: a row of kernel.tsv, or "function/operator/number".</param>
/// <param name="Edit">The fault.</param>
/// <param name="Function">The C function that it is in, or "" outside of all.</param>
/// <param name="Operator">The rule that made it, or "table".</param>
/// <param name="Line">Line of the source, from 1.</param>
/// <param name="Before">The lines that it changes, as they stand, in one.</param>
/// <param name="After">The same lines with the fault.</param>
public sealed record Mutant(
    string Name, SourceEdit Edit, string Function, string Operator, int Line, string Before, string After)
{
    /// <summary>Which one it is, from 1, of the mutants of its function that read alike.</summary>
    public int Nth { get; init; } = 1;

    /// <summary>The cases that show it, where somebody wrote that down; null: any.</summary>
    public Strategy? Strategy { get; init; }
}
