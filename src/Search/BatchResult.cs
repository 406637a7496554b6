// SPDX-License-Identifier: MIT

using TdxVerify.Search.Coverage;

namespace TdxVerify.Search;

/// <summary>What a batch of cases led to.</summary>
public sealed class BatchResult
{
    public ulong Cases { get; set; }
    public CoverageCount Coverage { get; } = new();

    /// <summary>The first violation of every kind, in the order of cases.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Cases that ended where nobody here knows the answer: they are no finding, and judged no
    /// further.</summary>
    public ulong UnknownCases { get; private set; }

    /// <summary>What the first of them asked.</summary>
    public string? FirstUnknown { get; private set; }

    /// <summary>True when the batch ended at a violation that stops the campaign.</summary>
    public bool IsStopped { get; set; }

    public void Clear()
    {
        Cases = 0;
        Coverage.Clear();
        Violations.Clear();
        IsStopped = false;
        UnknownCases = 0;
        FirstUnknown = null;
    }

    /// <summary>Counts cases that ended where nobody knows the answer.</summary>
    public void AddUnknown(ulong cases, string? first)
    {
        UnknownCases += cases;
        FirstUnknown ??= first;
    }

    /// <summary>Keeps the first violation of a kind.</summary>
    /// <returns>True when it is the first.</returns>
    public bool Add(in Violation violation)
    {
        foreach (var kept in Violations)
        {
            if (kept.IsSameKind(violation))
                return false;
        }

        Violations.Add(violation);
        return true;
    }
}
