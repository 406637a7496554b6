// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

internal readonly record struct LineResult
{
    private LineResult(string? expected, bool isWrong = false) =>
        (IsKnown, Expected, IsWrong) = (true, expected, isWrong);

    public static LineResult Unknown => default;
    public static LineResult Read { get; } = new(expected: null);
    public bool IsKnown { get; }

    /// <summary>What a known line lacks; null when it was understood.</summary>
    public string? Expected { get; }

    public static LineResult Malformed(string expected) => new(expected);

    /// <summary>A line of our own is not taken for a damaged one: what it lacks is always an error.</summary>
    public bool IsWrong { get; }

    public static LineResult Wrong(string expected) => new(expected, isWrong: true);
}
