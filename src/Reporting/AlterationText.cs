// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Alterations;

namespace TdxVerify.Reporting;

/// <summary>What the invariants notice of altered traces.</summary>
public static class AlterationText
{
    private const double Percent = 100;
    private const int LongestEvent = 12;

    /// <summary>Kinds that are missed, or all; then shares by what was altered and by family of property.</summary>
    public static IEnumerable<ReportLine> Write(IReadOnlyList<AlterationCount> counts, bool isVerbose)
    {
        foreach (var count in counts.Where(c => isVerbose || c.Missed > 0))
            yield return OfKind(count);

        yield return new ReportLine("noticed, by what was altered", Tone.Heading);
        foreach (var group in counts.GroupBy(static c => Group(c.Subject)).OrderBy(static g => g.Key))
            yield return Share("  " + group.Key, [.. group]);

        yield return new ReportLine("noticed by family of property, as a share of all that was noticed", Tone.Heading);
        var noticed = Math.Max(counts.Sum(static c => c.Noticed), 1);
        foreach (var family in counts.SelectMany(static c => c.ByFamily).GroupBy(static p => p.Key)
            .OrderBy(static g => g.Key))
        {
            var share = Percent * family.Sum(static p => p.Value) / noticed;
            yield return new ReportLine(
                string.Create(CultureInfo.InvariantCulture, $"  {family.Key}  {share:0.00} %"));
        }

        yield return Share("all", counts);
    }

    private static ReportLine OfKind(AlterationCount count) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{count.Subject}: {count.Change}: {count.Noticed} of {count.Tried} noticed"
                + $"{(count.Unnoticed is { } at ? $"; not in {at}" : "")}"
                + $"{(count.Reason is { } why && count.Noticed < count.Tried ? $"; {why}" : "")}"),
        count.Missed > 0 ? Tone.Bad : count.Noticed < count.Tried ? Tone.Note : Tone.Good);

    private static ReportLine Share(string name, IReadOnlyList<AlterationCount> counts)
    {
        var (noticed, missed) = (counts.Sum(static c => c.Noticed), counts.Sum(static c => c.Missed));
        var argued = counts.Sum(static c => c.Tried - c.Noticed) - missed;
        var share = Percent * noticed / Math.Max(noticed + missed, 1);
        return new ReportLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {noticed} noticed, {missed} missed ({share:0.00} % of those that mean something), {argued} "
                    + $"mean nothing; {counts.Count} kinds"),
            missed > 0 ? Tone.Plain : Tone.Good);
    }

    private static string Group(string subject) =>
        subject.Contains(", then ", StringComparison.Ordinal) ? "order of two events"
        : subject.StartsWith("TDH.", StringComparison.Ordinal) || subject.StartsWith("leaf", StringComparison.Ordinal)
            ? "SEAMCALLs"
        : subject.StartsWith("line ", StringComparison.Ordinal) ? "lines of the log"
        : subject.Contains("lock ", StringComparison.Ordinal) ? "locks"
        : subject.Contains("allocation of", StringComparison.Ordinal) ? "allocations and frees"
        : subject.StartsWith("free ", StringComparison.Ordinal) ? "allocations and frees"
        : subject.StartsWith("notification", StringComparison.Ordinal) ? "notifications"
        : subject.StartsWith("guest ", StringComparison.Ordinal) ? "guests"
        : subject.StartsWith("result of", StringComparison.Ordinal) ? "results of steps"
        : char.IsUpper(subject[0]) && !subject.Contains(' ', StringComparison.Ordinal) && subject.Length < LongestEvent
            ? "other events"
        : subject;
}
