// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What one step of a scenario led to.</summary>
/// <param name="Result">0 or a negative errno; NOTIFY_OK or NOTIFY_BAD of going-online; 1 or 0 of a machine
/// check.</param>
/// <param name="FirstEvent">Index of its first event in the trace.</param>
public readonly record struct StepRecord(Step Step, int Result, int FirstEvent, int EndEvent);
