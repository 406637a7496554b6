// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>A row of mutants/alterations.tsv.</summary>
/// <param name="Subject">What is altered, as <see cref="AlterationCount.Subject"/> names it.</param>
/// <param name="Change">How.</param>
/// <param name="Reason">Why nobody need notice.</param>
public sealed record MeaninglessRow(string Subject, string Change, string Reason);
