// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>Every small change of a trace, one after another, in memory that is used again.</summary>
public sealed class AlteredTraces
{
    /// <summary>The altered trace; good until the next one.</summary>
    public Trace Trace { get; } = new();

    /// <summary>True for a trace that can be altered: it came to its end, and nothing of it was dropped.</summary>
    public static bool CanAlter(Trace trace) => TraceDraft.CanBeOf(trace);

    /// <summary>Alters a trace; <see cref="Trace"/> is what became of it.</summary>
    /// <returns>What was changed, and how.</returns>
    public IEnumerable<(string Subject, string Change)> Of(Trace intact)
    {
        var draft = TraceDraft.Of(intact);
        foreach (var alteration in EventAlterations.Of(draft).Concat(StateAlterations.Of(draft)))
        {
            var changed = TraceDraft.Of(intact);
            alteration.Apply(changed);
            changed.WriteTo(Trace);
            yield return (alteration.Subject, alteration.Change);
        }
    }
}
