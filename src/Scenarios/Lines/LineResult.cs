// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>What became of a line.</summary>
internal readonly record struct LineResult
{
    private LineResult(bool isKnown, string? expected)
    {
        IsKnown = isKnown;
        Expected = expected;
    }

    /// <summary>A line that means nothing here.</summary>
    public static LineResult Unknown => default;

    /// <summary>A line that was understood.</summary>
    public static LineResult Read { get; } = new(true, null);

    /// <summary>The line says something that matters, or should.</summary>
    public bool IsKnown { get; }

    /// <summary>What a known line lacks; null when it was understood.</summary>
    public string? Expected { get; }

    /// <summary>A line that matters and is cut or malformed.</summary>
    public static LineResult Malformed(string expected) => new(true, expected);
}
