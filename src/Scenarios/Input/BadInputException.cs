// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Input;

/// <summary>Input that nothing can be done with. The message is one line: file, line number, what was expected, what
/// stood there.</summary>
public sealed class BadInputException : Exception
{
    private const int MaxQuoted = 60;

    /// <summary>A file that is no good as a whole.</summary>
    public BadInputException(string file, string problem)
        : base($"{file}: {problem}")
    {
    }

    /// <summary>The file is of no kind that is known: in a folder it is passed over.</summary>
    public bool IsUnrecognised { get; init; }

    /// <summary>A line that is no good.</summary>
    /// <param name="file">Name as the user gave it.</param>
    /// <param name="line">From 1.</param>
    public BadInputException(string file, long line, string expected, string got)
        : base($"{file}:{line}: expected {expected}, got {Quote(got)}")
    {
    }

    /// <summary>Text of hostile input made fit for one line of a terminal.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > MaxQuoted ? text[..MaxQuoted] + "..." : text;
        return "'" + string.Concat(shown.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) + "'";
    }
}
