// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What one step of a scenario led to.</summary>
/// <param name="Result">0 or a negative errno; 1 or 0 of a machine check.</param>
/// <param name="FirstEvent">Index of its first event in the trace.</param>
/// <param name="Task">Who took it; what others did in between is not its own.</param>
public readonly record struct StepRecord(Step Step, int Result, int FirstEvent, int EndEvent, int Task = 0)
{
    /// <summary>True for what it did itself, of the events in its range.</summary>
    public bool Owns(in TraceEvent e) => e.Task == Task;
}
