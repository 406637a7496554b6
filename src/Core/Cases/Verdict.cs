// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>What an invariant says about a case.</summary>
public enum VerdictKind
{
    Holds,
    Broken,
    /// <summary>The trace doesn't show what it is about, or the case has nothing of it.</summary>
    NotObservable,
}

/// <summary>A verdict with its evidence.</summary>
/// <param name="Range">The bytes at fault; empty when it is not about bytes.</param>
/// <param name="Step">Step from 1; 0: boot; -1: no single step.</param>
public readonly record struct Verdict(
    VerdictKind Kind, AddressRange Range = default, ulong Expected = 0, ulong Got = 0, int Step = -1)
{
    public static Verdict Holds => default;
    public static Verdict NotObservable => new(VerdictKind.NotObservable);
    public bool IsBroken => Kind == VerdictKind.Broken;

    /// <summary>Broken at some bytes.</summary>
    public static Verdict BrokenAt(AddressRange range, ulong expected = 0, ulong got = 0) =>
        new(VerdictKind.Broken, range, expected, got);

    public static Verdict BrokenBy(ulong expected, ulong got) => new(VerdictKind.Broken, default, expected, got);

    /// <summary>Broken when the range is not empty.</summary>
    public static Verdict BrokenUnlessEmpty(AddressRange range) => range.IsEmpty ? Holds : BrokenAt(range);

    /// <summary>The same verdict, of a step.</summary>
    public Verdict At(int step) => IsBroken ? this with { Step = step } : this;
}
