// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Shrinking;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Confirmation;

/// <summary>From a case that fails on a running kernel to a smaller one that fails in the same way, by booting again
/// and again.</summary>
public sealed class GuestShrinker(GuestKernel kernel, bool isStrict, CancellationToken token)
{
    /// <summary>Boots at most.</summary>
    public const int MaxBoots = 80;

    /// <summary>Boots at most that hang.</summary>
    private const int MaxHangs = 5;

    /// <summary>Candidates at most: most of them are machines that qemu can't make, which costs nothing.</summary>
    private const int MaxEvaluations = 2000;

    /// <summary>Boots that it took.</summary>
    public int Boots { get; private set; }

    /// <summary>The smallest case that was found.</summary>
    public GuestVerdict Shrink(GuestVerdict found)
    {
        using var judge = new GuestJudge(kernel, isStrict, token);
        var smallest = found;
        var hangs = 0;
        var shrinker = new Shrinker(
            candidate =>
            {
                if (Boots >= MaxBoots || hangs >= MaxHangs || !QemuFirmware.Has(candidate.Machine)
                    || !StartsAlike(candidate, found.Scenario))
                    return false;

                Boots++;
                var verdict = judge.Run(candidate, found.Case);
                hangs += verdict.HasHung ? 1 : 0;
                if (verdict.Kind != found.Kind)
                    return false;

                smallest = verdict;
                return true;
            },
            MaxEvaluations);
        try
        {
            shrinker.Shrink(found.Scenario);
        }
        catch (OperationCanceledException)
        {
            // What was found so far is smaller than what it began with.
        }
        catch (GuestException)
        {
            // The same: a candidate could not be booted.
        }

        return smallest;
    }

    /// <summary>An initcall comes first, and can't be left out.</summary>
    private static bool StartsAlike(Scenario candidate, Scenario found) =>
        found.Steps.Count == 0 || found.Steps[0].Kind != StepKind.EnableTdx
            || (candidate.Steps.Count > 0 && candidate.Steps[0].Kind == StepKind.EnableTdx);
}
