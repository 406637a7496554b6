// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Core.Cases;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;
using TdxVerify.Search;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Workers;

namespace TdxVerify.Cli;

/// <summary>One run of check: search, shrink, keep, show.</summary>
/// <param name="isJson">One JSON object instead of text.</param>
internal sealed class CheckRun(CampaignPlan options, FindingStore store, bool isJson)
{
    private readonly CampaignPlan _options = options with { Worker = options.Worker is { } launch ? launch with { Search = CommandLineOf(options) } : null };
    private readonly List<(Finding Finding, string File)> _shown = [];

    /// <summary>Searches for a time, or with null until the cases are done.</summary>
    /// <returns>The exit code.</returns>
    public int Run(TimeSpan? time)
    {
        Introduce();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Interruption.Token);
        if (time is { } limit)
        {
            deadline.CancelAfter(limit);
        }

        var sweep = new Campaign(_options, Keep);
        sweep.Run(time is null ? Progress : null, deadline.Token);
        Screen.Progress(1, 1, "");
        var hasNamed = sweep.Found.Any(f => Campaign.Stops(f.Breach, options) && f.Breach.Property is not Agreement);
        foreach (var found in sweep.Found)
        {
            // Known findings are only counted, unless they are asked for; a bare difference says less than a statement that names the fault.
            if (Campaign.Stops(found.Breach, options) && !(hasNamed && found.Breach.Property is Agreement))
            {
                Show(Finding.Of(found, options), $"case {found.Case} of seed {options.Seed}");
            }
        }

        var known = sweep.Found.Count(static f => f.Breach.Known is not null);
        if (isJson)
        {
            Screen.Print(CheckJson.Write(sweep.Cases, options.Seed, _shown, sweep.Coverage));
        }
        else
        {
            if (_shown.Count == 0 || options.KeepsGoing)
            {
                Screen.Print(CoverageText.Write(sweep.Coverage));
            }

            foreach (var found in sweep.Found.Where(static f => f.Breach.Known is not null))
            {
                Screen.Print([new ReportLine($"known: {found.Breach.Known!.Name} ({found.Breach.Property.Id}, first in case {found.Case})", Tone.Note)]);
            }

            if (options.Strategy == Strategy.Exhaustive)
            {
                Screen.Print(string.Create(CultureInfo.InvariantCulture, $"{sweep.Cases} of {SmallGrid.Total} layouts, on each of them {SmallGrid.OnlineRanges} ranges"));
            }

            if (options.Strategy == Strategy.Short)
            {
                Screen.Print(string.Create(CultureInfo.InvariantCulture, $"{sweep.Cases} of {ShortSequences.Total} sequences of {ShortSequences.Depth} steps"));
            }

            if (options.Kernel?.Against is { } other && !sweep.Found.Any(static f => f.Breach.Property is Agreement))
            {
                Screen.Print(string.Create(CultureInfo.InvariantCulture, $"no trace differs in {sweep.Cases} cases: {options.Kernel.Name} and {other.Name}"));
            }

            Sum(sweep.Cases, sweep.Found.Count, known);
        }

        if (Interruption.Token.IsCancellationRequested)
        {
            Screen.Error(string.Create(CultureInfo.InvariantCulture, $"interrupted after {sweep.Cases} cases"));
        }

        if (sweep.Failure is { } failure)
        {
            Screen.Error($"a worker failed, please report: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            return ExitCode.HarnessFailed;
        }

        return _shown.Count > 0 ? ExitCode.Finding : Interruption.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Nothing;
    }

    /// <summary>Runs one case and shows everything that it breaks.</summary>
    public int RunCase(ulong index)
    {
        var scenario = new Scenario();
        options.CreateGenerator().Fill(scenario, options.Seed, index);
        using var trial = _options.CreateTrial();
        Introduce();
        var breaches = trial.Try(scenario).Breaches;
        foreach (var breach in breaches.Where(b => Campaign.Stops(b, options)).OrderBy(static b => b.Property.Class))
        {
            Show(Finding.Of(index, scenario, breach, options), $"case {index} of seed {options.Seed}");
        }

        if (isJson)
        {
            Screen.Print(CheckJson.Write(1, options.Seed, _shown, null));
        }
        else
        {
            Sum(1, breaches.Count, breaches.Count(static b => b.Known is not null));
        }

        return _shown.Count > 0 ? ExitCode.Finding : ExitCode.Nothing;
    }

    private static string CommandLineOf(CampaignPlan options)
    {
        string[] from = options.OriginName is { } log ? ["--from", log] : [];
        string[] words = ["check", .. options.Kernel?.Options ?? [], "--mood", options.Strategy.ToString().ToLowerInvariant(), .. from, "--seed", options.Seed.ToString(CultureInfo.InvariantCulture)];
        return string.Join(' ', words);
    }

    /// <summary>Which kernel it is, before minutes of search, and what an earlier search was doing when it was killed.</summary>
    private void Introduce()
    {
        foreach (var lost in options.Worker is { } launch ? LostSearch.Take(launch.JournalFolder) : [])
        {
            Screen.Error(lost.Case is { } index
                ? $"a search was killed amid case {index}; to run it alone: ./tdxverify {lost.Search} --case {index}"
                : $"a search was killed while it shrank a finding, which is on disk as it was found: ./tdxverify {lost.Search}");
        }

        if (!isJson && options.Kernel is { } kernel)
        {
            Screen.Print(KernelChoice.Describe(kernel));
        }
    }

    private void Progress(ulong cases) =>
        Screen.Progress((int)(cases >> 10), (int)Math.Min(options.Cases >> 10, int.MaxValue), "thousand cases");

    /// <summary>Keeps what was found as it was found, before hours of further search or a long shrinking; the smallest replaces it.</summary>
    private void Keep(FoundBreach found)
    {
        if (Campaign.Stops(found.Breach, options))
        {
            store.Write(Finding.Raw(found, options), options);
        }
    }

    /// <summary>On disk first.</summary>
    private void Show(Finding finding, string origin)
    {
        var file = store.Write(finding, options);
        _shown.Add((finding, file));
        if (!isJson)
        {
            Screen.Print(FindingText.Write(finding, origin, file, options.Kernel?.Options));
            Screen.Print("");
        }
    }

    private void Sum(ulong cases, int findings, int known) => Screen.Print(
        string.Create(CultureInfo.InvariantCulture, $"{cases} cases, {findings} findings ({known} known), seed {options.Seed}"));
}
