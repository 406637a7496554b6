// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios;

/// <summary>A line that should have said something and did not.</summary>
/// <param name="Line">Number of the line, from 1; 0: the file as a whole.</param>
/// <param name="Message">What was expected and what stood there.</param>
public readonly record struct LogDiagnostic(long Line, string Message)
{
    public override string ToString() => Line == 0 ? Message : $"line {Line}: {Message}";
}
