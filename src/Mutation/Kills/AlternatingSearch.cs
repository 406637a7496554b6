// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Search.Workers;

namespace TdxVerify.Mutation.Kills;

/// <summary>The search of a mutant by turns, without sanitizers and with them: what reads or writes where it must not
/// is noticed by sanitizers alone, and they cost a multiple.</summary>
/// <param name="plain">The search without sanitizers.</param>
/// <param name="sanitized">Compiles the mutant with them, when it is their turn for the first time.</param>
internal sealed class AlternatingSearch(CampaignPlan plain, Func<CampaignPlan> sanitized)
{
    private const ulong FirstTurn = 4096;
    private const ulong Growth = 4;
    /// <summary>One case with sanitizers for so many without.</summary>
    private const ulong Share = 4;

    private ulong _cases;
    private double _seconds;

    /// <summary>Searches until something is violated that is not known.</summary>
    /// <param name="limit">How long both take, at most.</param>
    /// <returns>Cases and seconds of all turns.</returns>
    /// <exception cref="WorkerFailedException">The harness itself failed.</exception>
    public Kill Run(TimeSpan? limit, bool shrinks, CancellationToken token)
    {
        CampaignPlan? watched = null;
        var (from, to) = (0UL, FirstTurn);
        while (from < plain.Cases && !token.IsCancellationRequested && !(_seconds >= limit?.TotalSeconds))
        {
            var last = Math.Min(to, plain.Cases);
            if (Turn(plain with { FirstCase = from, Cases = last }, limit, shrinks, token) is { } kill)
                return kill;

            if (token.IsCancellationRequested)
                break;

            watched ??= sanitized();
            var turn = watched with { FirstCase = from / Share, Cases = last / Share };
            if (Turn(turn, limit, shrinks: false, token) is { } other)
                return other;

            (from, to) = (to, to * Growth);
        }

        return new Kill(null, [], _cases, _seconds);
    }

    /// <summary>A turn; null: nothing was noticed.</summary>
    private Kill? Turn(CampaignPlan plan, TimeSpan? limit, bool shrinks, CancellationToken token)
    {
        var left = limit - TimeSpan.FromSeconds(_seconds);
        if (left <= TimeSpan.Zero)
            return null;

        var kill = MutantTrial.Run(plan, left, shrinks, token);
        _cases += kill.Cases;
        _seconds += kill.Seconds;
        return kill.IsKilled ? kill with { Cases = _cases, Seconds = _seconds } : null;
    }
}
