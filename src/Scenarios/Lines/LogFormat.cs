// SPDX-License-Identifier: MIT

using System.Buffers;

namespace TdxVerify.Scenarios.Lines;

/// <summary>A family of log lines.</summary>
/// <param name="needles">Words of which every line of it has one; other lines never reach the reader.</param>
internal sealed class LogFormat(IReadOnlyList<string> needles, LineReading reader)
{
    private readonly SearchValues<string> _needles = SearchValues.Create([.. needles], StringComparison.Ordinal);

    public IReadOnlyList<string> Needles => needles;

    /// <summary>Lines as kernels print them, each of which says something by itself; a test reads them.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public LineResult Read(ReadOnlySpan<char> line, BootLog boot) =>
        line.IndexOfAny(_needles) < 0 ? LineResult.Unknown : reader(line, boot);
}

internal delegate LineResult LineReading(ReadOnlySpan<char> line, BootLog boot);
