// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Subjects;

/// <summary>Result of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Result">0 or a negative errno; NOTIFY_OK or NOTIFY_BAD of going-online; 1 or 0 of a machine check.</param>
public readonly record struct StepResult(Step Step, int Result);

/// <summary>What a scenario led to.</summary>
public sealed class SubjectRun
{
    /// <summary>What boot printed and found.</summary>
    public required BootResult Boot { get; init; }

    /// <summary>memblock after the last step.</summary>
    public required MemblockTable Memblock { get; init; }

    /// <summary>Every step's result, in order.</summary>
    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>The memlist that memblock leads to when TDX is enabled, or after boot where it never is; without faults.</summary>
    public required IReadOnlyList<PfnRange> BuiltMemlist { get; init; }

    /// <summary>tdx_memlist after the last step: empty after any failure.</summary>
    public required IReadOnlyList<PfnRange> Memlist { get; init; }

    /// <summary>TDMRs in use, or as they were when they were freed.</summary>
    public required TdmrList Tdmrs { get; init; }

    /// <summary>tdx_module_status.</summary>
    public required TdxModuleStatus Status { get; init; }

    /// <summary>The 4K PAMT is a bitmap.</summary>
    public required bool UsesDynamicPamt { get; init; }

    /// <summary>Everything that happened.</summary>
    public required Trace Trace { get; init; }

    /// <summary>Who holds what is still allocated.</summary>
    public required HostEnvironment Environment { get; init; }

    /// <summary>A rule that the module's version has and nobody here knows; then the last steps are missing.</summary>
    public string? Unknown { get; init; }

    /// <summary>Result of the first step of a kind, or null.</summary>
    public int? ResultOf(StepKind kind)
    {
        foreach (var step in Steps)
        {
            if (step.Step.Kind == kind)
            {
                return step.Result;
            }
        }

        return null;
    }
}
