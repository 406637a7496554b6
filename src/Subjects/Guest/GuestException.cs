// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest;

/// <summary>A virtual machine can't be started, has ended, or does not answer as expected.</summary>
public sealed class GuestException(string message) : Exception(message)
{
    /// <summary>The scenario asks for what can't be booted.</summary>
    public bool IsOfScenario { get; init; }
}
