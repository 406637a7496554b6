// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Mutants;

/// <summary>A planted change of the host rules, in one or two members, by which the harness is tested.</summary>
/// <param name="Name">How the command line names it.</param>
/// <param name="Source">The fault of history that it stands for, or the token that it changes.</param>
/// <param name="IsFault">False for a change that no invariant may mind.</param>
public sealed record Mutant(string Name, string Sentence, string Source, HostRules Rules, bool IsFault = true)
{
    /// <summary>What the rules are meant to decide as the merged code does, so that AS-MERGED invariants apply: a
    /// planted fault doesn't excuse itself.</summary>
    public MergedChoices Choices { get; init; } = MergedChoices.All;

    public Strategy Strategy { get; init; } = Strategy.Mixed;
}
