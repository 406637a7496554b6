// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;
using TdxVerify.Search;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Workers;

namespace TdxVerify.Cli;

/// <summary>One run of check: search, shrink, keep, show.</summary>
internal sealed class CheckRun(CampaignPlan plan, FindingStore store, bool isJson, bool isVerbose)
{
    private readonly CampaignPlan _plan =
        plan with { Worker = plan.Worker is { } launch ? launch with { Search = CommandLineOf(plan) } : null };
    private readonly FindingShrinker _shrinker = new(plan);
    private readonly List<(Finding Finding, string File)> _shown = [];

    /// <summary>Searches for a time, or with null until the cases are done.</summary>
    public int Run(TimeSpan? time)
    {
        Introduce();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Interruption.Token);
        if (time is { } limit)
            deadline.CancelAfter(limit);

        var campaign = new Campaign(_plan, Keep);
        campaign.Run(time is null ? Progress : null, deadline.Token);
        Screen.Progress(1, 1, "");
        var hasNamed =
            campaign.Violations.Any(f => plan.IsStoppedBy(f) && PropertyCatalog.Of(f) is not DifferentialProperty);
        foreach (var found in campaign.Violations)
        {
            // Known issues are only counted, unless they are asked for; a bare difference says less than a property
            // that names the fault.
            if (plan.IsStoppedBy(found) && !(hasNamed && PropertyCatalog.Of(found) is DifferentialProperty))
                Show(_shrinker.Shrink(found), $"case {found.Case} of seed {plan.Seed}");
        }

        var known = campaign.Violations.Count(static f => f.KnownIssue is not null);
        if (isJson)
        {
            Screen.Print(
                CheckJson.Write(
                    campaign.Cases, plan.Seed, _shown, plan.Kernel, campaign.Coverage, campaign.Unknown));
        }
        else
        {
            if (isVerbose)
                Screen.Print(CoverageText.Write(campaign.Coverage));

            if (known > 0)
                Screen.Print([KnownIssues(campaign.Violations)]);

            if (plan.Strategy == Strategy.Exhaustive)
            {
                Screen.Print(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{campaign.Cases} of {SmallGrid.Total} layouts, on each of them {SmallGrid.OnlineRanges} "
                            + $"ranges"));
            }

            if (plan.Strategy == Strategy.Short)
            {
                Screen.Print(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{campaign.Cases} of {ShortSequences.Total} sequences of {ShortSequences.Depth} steps"));
            }

            if (plan.Kernel?.Against is { } other
                && !campaign.Violations.Any(static f => PropertyCatalog.Of(f) is DifferentialProperty))
            {
                Screen.Print(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"no trace differs in {campaign.Cases} cases: {plan.Kernel.Name} and {other.Name}"));
            }

            if (campaign.Unknown is { Cases: > 0 } unknown)
            {
                Screen.Print(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{unknown.First}: {unknown.Cases} cases ended there, and say nothing"));
            }

            Sum(campaign.Cases, campaign.Violations.Count, known);
        }

        if (Interruption.Token.IsCancellationRequested)
            Screen.Error(string.Create(CultureInfo.InvariantCulture, $"interrupted after {campaign.Cases} cases"));

        if (campaign.Failure is { } failure)
        {
            Screen.Error(
                $"a worker failed, please report: {failure.GetType().Name}: "
                    + failure.Message.ReplaceLineEndings(" "));
            return ExitCode.HarnessFailed;
        }

        return _shown.Count > 0
            ? ExitCode.Finding
            : Interruption.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Nothing;
    }

    public int RunCase(ulong index)
    {
        var scenario = CampaignParts.Case(plan, index);
        using var executor = IExecutor.Of(_plan);
        Introduce();
        var violations = executor.Evaluate(scenario).Violations.Select(v => v with { Case = index }).ToList();
        foreach (
            var violation in violations.Where(v => plan.IsStoppedBy(v))
                .OrderBy(static v => PropertyCatalog.Of(v).Class))
        {
            Show(_shrinker.Shrink(violation, scenario), $"case {index} of seed {plan.Seed}");
        }

        if (isJson)
            Screen.Print(CheckJson.Write(1, plan.Seed, _shown, plan.Kernel, null));
        else
            Sum(1, violations.Count, violations.Count(static v => v.KnownIssue is not null));

        return _shown.Count > 0 ? ExitCode.Finding : ExitCode.Nothing;
    }

    private static string CommandLineOf(CampaignPlan plan)
    {
        string[] from = plan.OriginName is { } log ? ["--from", log] : [];
        string[] words =
            ["check", .. plan.Kernel?.Options
                ?? [], "--strategy", plan.Strategy.ToString()
                    .ToLowerInvariant(), .. from, "--seed", plan.Seed.ToString(CultureInfo.InvariantCulture)];
        return string.Join(' ', words);
    }

    /// <summary>Which kernel it is, before minutes of search, and what an earlier search was doing when it was
    /// killed.</summary>
    private void Introduce()
    {
        foreach (var lost in plan.Worker is { } launch ? LostSearch.Take(launch.JournalFolder) : [])
        {
            Screen.Error(lost.Case is { } index
                ? $"a search was killed amid case {index}; to run it alone: ./tdxverify {lost.Search} --case {index}"
                : $"a search was killed while it shrank a finding, which is on disk as it was found: ./tdxverify "
                    + $"{lost.Search}");
        }

        if (!isJson && plan.Kernel is { } kernel)
            Screen.Print(KernelChoice.Describe(kernel));
    }

    private void Progress(ulong cases) =>
        Screen.Progress((int)(cases >> 10), (int)Math.Min(plan.Cases >> 10, int.MaxValue), "thousand cases");

    /// <summary>Keeps what was found as it was found, before hours of further search or a long shrinking; the smallest
    /// replaces it.</summary>
    private void Keep(Violation violation)
    {
        if (plan.IsStoppedBy(violation))
            store.Write(_shrinker.Raw(violation), plan);
    }

    private void Show(Finding finding, string origin)
    {
        var file = store.Write(finding, plan);
        _shown.Add((finding, file));
        if (!isJson)
        {
            Screen.Print(FindingText.Write(finding, origin, file, plan.Kernel));
            Screen.Print("");
        }
    }

    private static ReportLine KnownIssues(IEnumerable<Violation> violations)
    {
        var names = violations.Where(static v => v.KnownIssue is not null)
            .Select(static v => string.Create(
                CultureInfo.InvariantCulture, $"{v.KnownIssue} ({v.Property}, case {v.Case})"));
        return new ReportLine($"known issues: {string.Join(", ", names)}", Tone.Note);
    }

    private void Sum(ulong cases, int findings, int known) => Screen.Print(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{cases} cases, {findings} findings ({known} known issues), seed {plan.Seed}"));
}
