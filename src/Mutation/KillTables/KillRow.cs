// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.KillTables;

/// <summary>A mutant, searched in every way.</summary>
public sealed record KillRow(Mutant Mutant, IReadOnlyList<KillCell> Cells);
