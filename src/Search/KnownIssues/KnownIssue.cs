// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.KnownIssues;

/// <summary>What the merged design is known to break: a predicate over scenario and trace, never a text.</summary>
/// <param name="Judgement">Reachable on real hardware or only in a free-form model, and why.</param>
/// <param name="Releases">Which releases of mainline do it: the first, the last, and after a semicolon what
/// differs.</param>
/// <param name="Source">Where it is told or follows from.</param>
/// <param name="Neighbour">A mutant, or an alteration of traces, that violates the same property in another way and is
/// still reported.</param>
/// <param name="Matches">True when a verdict is of this kind.</param>
public sealed record KnownIssue(
    string Name, string Invariant, string Sentence, string Judgement, string Releases, string Source, string Neighbour,
        Func<CaseFacts, Verdict, bool> Matches)
{
    /// <summary>True for a release between the first and the last that do it.</summary>
    public bool HoldsIn(Version release)
    {
        var words = Releases.Split(';')[0].Split(' ');
        return release >= Version.Parse(words[0]) && release <= Version.Parse(words[^1]);
    }
}
