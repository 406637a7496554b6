// SPDX-License-Identifier: MIT

namespace TdxVerify.Confirmation;

/// <summary>How a running kernel did not come back.</summary>
/// <param name="Step">The step that did not return, or null: none was left.</param>
/// <param name="Before">The state before it, or null: nobody saw one.</param>
/// <param name="Console">What the kernel printed.</param>
public sealed record GuestEnd(Scenario Scenario, Step? Step, Snapshot? Before, CrashKind Crash, string Console);
