// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest.Machines;

/// <summary>What the agent answers.</summary>
/// <param name="Errno">0 or a positive errno.</param>
public readonly record struct AgentAnswer(IReadOnlyList<string> Lines, int Errno);
