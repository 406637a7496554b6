// SPDX-License-Identifier: MIT

namespace TdxVerify.Confirmation;

/// <summary>Sums over the cases of a campaign.</summary>
public sealed class ConfirmTotals
{
    private readonly SortedDictionary<string, int> _issues = new(StringComparer.Ordinal);

    public int Cases { get; private set; }
    public int Confirmed { get; private set; }
    public int Steps { get; private set; }
    public int Refused { get; private set; }
    public int Initialized { get; private set; }

    /// <summary>Cases a known issue.</summary>
    public IReadOnlyDictionary<string, int> KnownIssues => _issues;

    public void Add(GuestVerdict verdict)
    {
        Cases++;
        Confirmed += verdict.IsFinding ? 0 : 1;
        Steps += verdict.Steps;
        Refused += verdict.Refused;
        Initialized += verdict.IsInitialized ? 1 : 0;
        var known = verdict.Violations.Select(static v => v.KnownIssue).Append(verdict.KnownEnd?.Name);
        foreach (var issue in known.OfType<string>().Distinct())
            _issues[issue] = _issues.GetValueOrDefault(issue) + 1;
    }
}
