// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>What only kernel code that really runs can break.</summary>
internal static class KernelInvariants
{
    /// <summary>All of them.</summary>
    public static Invariant[] All { get; } =
    [
        new("K1", "kernel code comes back from every step: no panic, no BUG, no wild memory access, no loop without end",
            PropertyClass.Safety, "BUG_ON() and panic() of mm/memblock.c; the compiler's and the processor's own checks", Evidence.None,
            static facts => Death(facts) is { } death and not CrashKind.Unlocked ? Broken(facts, death) : Verdict.Holds),
        new("K2", "tdx_memlist and memblock are touched only under mem_hotplug_lock",
            PropertyClass.Safety, "\"Protected by mem_hotplug_lock\" above tdx_memlist; get_online_mems()", Evidence.None,
            static facts => Death(facts) == CrashKind.Unlocked ? Broken(facts, CrashKind.Unlocked) : Verdict.Holds),
        new("K3", "no WARN fires",
            PropertyClass.Contract, "WARN_ON() and WARN_ON_ONCE() of tdx.c", Evidence.Count,
            static facts => facts.Trace.Warnings > 0 ? Verdict.BrokenBy(0, (ulong)facts.Trace.Warnings) : Verdict.Holds),
    ];

    private static CrashKind? Death(CaseFacts facts) => facts.Trace.HasCrashed ? facts.Events[^1].Crash : null;

    private static Verdict Broken(CaseFacts facts, CrashKind death) => Verdict.BrokenBy(0, (ulong)death).At(facts.Trace.Steps.Length + 1);
}
