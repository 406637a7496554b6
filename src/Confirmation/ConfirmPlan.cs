// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Confirmation;

/// <summary>What a campaign boots.</summary>
/// <param name="Layouts">Machines with DIMMs before and behind the enabling of TDX: the first cases.</param>
/// <param name="Sequences">Machines with many steps of hotplug: the cases behind them.</param>
/// <param name="Steps">Of each sequence.</param>
/// <param name="Workers">Virtual machines at a time.</param>
public sealed record ConfirmPlan(GuestKernel Kernel, int Layouts, int Sequences, int Steps, ulong Seed, int Workers)
{
    public int Cases => Layouts + Sequences;

    /// <summary>Known issues are findings, too.</summary>
    public bool IsStrict { get; init; }
}
