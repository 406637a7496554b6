// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Invariants;

/// <summary>An invariant that is wrong on purpose: a search that doesn't break it can't break anything.</summary>
public static class Canary
{
    public static Invariant Invariant { get; } = new(
        "CANARY", "TDX is never initialised: false on purpose", PropertyClass.Contract, "none", Evidence.Result,
        static facts => facts.Succeeded ? Verdict.BrokenBy(1, 0).At(facts.EnableStep + 1) : Verdict.Holds);
}
