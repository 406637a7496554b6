// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Metamorphic;

/// <summary>Two cases that must not differ at all.</summary>
internal static class SameCase
{
    public static Verdict Judge(CaseFacts facts, CaseFacts changed)
    {
        var steps = facts.Trace.Steps;
        var others = changed.Trace.Steps;
        if (steps.Length != others.Length)
            return Verdict.BrokenBy((ulong)steps.Length, (ulong)others.Length);

        for (var i = 0; i <= steps.Length; i++)
        {
            if (i > 0 && steps[i - 1].Result != others[i - 1].Result)
            {
                return Verdict.BrokenBy(unchecked((ulong)steps[i - 1].Result), unchecked((ulong)others[i - 1].Result))
                    .At(i);
            }

            var (one, other) = (facts.Trace.SnapshotAfter(i), changed.Trace.SnapshotAfter(i));
            if (!one.Memory.SequenceEqual(other.Memory))
                return Verdict.BrokenBy((ulong)one.Memory.Length, (ulong)other.Memory.Length).At(i);

            if (!one.Memlist.SequenceEqual(other.Memlist) || !one.Tdmrs.Tdmrs.SequenceEqual(other.Tdmrs.Tdmrs))
                return Verdict.BrokenBy((ulong)one.Memlist.Length, (ulong)other.Memlist.Length).At(i);
        }

        return Verdict.Holds;
    }
}
