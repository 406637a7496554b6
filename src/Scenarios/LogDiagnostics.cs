// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios;

/// <summary>The cut or malformed lines of one boot: the first in full, the others counted.</summary>
public sealed class LogDiagnostics
{
    /// <summary>Diagnostics that are kept in full.</summary>
    public const int MaxKept = 20;

    private readonly List<LogDiagnostic> _kept = [];

    /// <summary>The first of them.</summary>
    public IReadOnlyList<LogDiagnostic> Kept => _kept;

    /// <summary>All of them.</summary>
    public int Count { get; private set; }

    /// <summary>One more.</summary>
    public void Add(LogDiagnostic diagnostic)
    {
        Count++;
        if (_kept.Count < MaxKept)
        {
            _kept.Add(diagnostic);
        }
    }
}
