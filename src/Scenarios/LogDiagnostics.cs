// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios;

/// <summary>The cut or malformed lines of one boot: the first in full, the others counted.</summary>
public sealed class LogDiagnostics
{
    /// <summary>Diagnostics that are kept in full.</summary>
    public const int MaxKept = 20;

    private readonly List<LogDiagnostic> _kept = [];

    public IReadOnlyList<LogDiagnostic> Kept => _kept;
    public int Count { get; private set; }

    public void Add(LogDiagnostic diagnostic)
    {
        Count++;
        if (_kept.Count < MaxKept)
            _kept.Add(diagnostic);
    }
}
