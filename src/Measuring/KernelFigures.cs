// SPDX-License-Identifier: MIT

namespace TdxVerify.Measuring;

/// <summary>What a case costs on a kernel, in nanoseconds of processor time.</summary>
/// <param name="Loop">A plain C loop with a module that accepts everything.</param>
/// <param name="Full">The simulated module and all invariants, in a worker process.</param>
/// <param name="WithReference">The same with the metamorphic properties and the reference beside it, as check does
/// it.</param>
/// <param name="HasProtectionKeys">What a lock guards is closed with protection keys, not with mprotect().</param>
/// <param name="Sanitized">The simulated module and all invariants, compiled with sanitizers.</param>
public sealed record KernelFigures(
    string Name, double Loop, double Full, double WithReference, double Sanitized, bool HasProtectionKeys)
{
    /// <summary>Share of the loop's throughput that is wanted at least.</summary>
    public const double Target = 1.0 / 3;
    /// <summary>The same with sanitizers.</summary>
    public const double SanitizedTarget = 0.1;
}
