// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>What only kernel code that really runs can break.</summary>
public static class KernelInvariants
{
    /// <summary>What a subject violates that does not survive a case.</summary>
    public static KernelInvariant Returns { get; } = new(
        "K1",
        "kernel code returns from every step: no panic, no BUG, no wild memory access, no loop without end, "
            + "no deadlock",
        PropertyClass.Safety, "BUG_ON() and panic() of mm/memblock.c; the compiler's and the processor's own checks",
        Evidence.None,
        static facts => Crash(facts) is { } crash and not CrashKind.Unlocked ? Broken(facts, crash) : Verdict.Holds);

    public static KernelInvariant[] All { get; } =
    [
        Returns,
        new("K2", "tdx_memlist and memblock are touched only under mem_hotplug_lock",
            PropertyClass.Safety, "\"Protected by mem_hotplug_lock\" above tdx_memlist; get_online_mems()",
            Evidence.None,
            static facts => Crash(facts) == CrashKind.Unlocked ? Broken(facts, CrashKind.Unlocked) : Verdict.Holds),
        new("K3", "no WARN fires",
            PropertyClass.Contract, "WARN_ON() and WARN_ON_ONCE() of tdx.c", Evidence.Count,
            static facts => facts.Trace.Warnings > 0
                ? Verdict.BrokenBy(0, (ulong)facts.Trace.Warnings)
                : Verdict.Holds) { NeedsKernel = false },
    ];

    private static CrashKind? Crash(CaseFacts facts) => facts.Trace.HasCrashed ? facts.Events[^1].Crash : null;
    private static Verdict Broken(CaseFacts facts, CrashKind crash) =>
        Verdict.BrokenBy(0, (ulong)crash).At(facts.Trace.Steps.Length + 1);
}
