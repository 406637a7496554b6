// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>Invariants that judge cases together; what settles several of them is asked once a case.</summary>
public sealed class InvariantSet
{
    private readonly Invariant[] _invariants;
    private readonly FastCheck[] _checks;
    private readonly int[] _checkOf;
    private readonly bool[] _hasPassed;

    public InvariantSet(IEnumerable<Invariant> invariants)
    {
        _invariants = [.. invariants];
        _checks = [.. _invariants.Select(static i => i.SettledBy).OfType<FastCheck>().Distinct()];
        _checkOf = [.. _invariants.Select(i => Array.IndexOf(_checks, i.SettledBy))];
        _hasPassed = new bool[_checks.Length];
    }

    /// <summary>Appends what a case violates, in the order of the invariants.</summary>
    /// <param name="withFastChecks">False: every invariant judges for itself.</param>
    public void Judge(
        CaseFacts facts, List<(Invariant Invariant, Verdict Verdict)> violated, bool withFastChecks = true)
    {
        for (var i = 0; i < _checks.Length; i++)
            _hasPassed[i] = withFastChecks && facts.Trace.HasState && _checks[i].Passes(facts);

        for (var i = 0; i < _invariants.Length; i++)
        {
            // Kernel code that crashed before anybody could look at it has nothing else to be judged by.
            if (!facts.Trace.HasState && _invariants[i] is not KernelInvariant)
                continue;

            var check = _checkOf[i];
            if (check >= 0 && _hasPassed[check])
                continue;

            var verdict = _invariants[i].On(facts);
            if (verdict.IsBroken)
                violated.Add((_invariants[i], verdict));
        }
    }
}
