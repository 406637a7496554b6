// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Confirmation;
using TdxVerify.KernelTrees;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search;

namespace TdxVerify.Cli;

internal static class ConfirmCommand
{
    private const int MostFindings = 5;

    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description = "scenario files that are booted instead of random ones",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "folder for findings (default: the user's state folder)",
        HelpName = "DIR",
    };

    private static readonly Option<bool> NoShrink = new("--no-shrink") { Description = "don't shrink what is found" };

    private static readonly Option<bool> Strict = new("--strict") { Description = "known issues are findings, too" };

    private static readonly GuestOptions Options = new();

    public static Command Create()
    {
        var command = new Command(
            "confirm",
            "Boot a kernel on random machines, hot-add memory, put it online and offline, and compare with the model "
                + "and the properties what it did; with two kernels: where they differ. Exit code 1: a finding.")
        {
            Files, Out, NoShrink, Strict,
        };
        return Options.AddTo(command, Run);
    }

    private static int Run(ParseResult parsed)
    {
        var names = Options.Kernels(parsed);
        if (names.Count > 2)
            throw new BadInputException("--kernel", "expected one kernel, or two to compare");

        var scenarios = (parsed.GetValue(Files) ?? []).Select(Read).ToList();
        var isStrict = parsed.GetValue(Strict);
        var plans = names.Select(n => Options.Plan(parsed, n) with { IsStrict = isStrict }).ToList();
        return plans.Count == 2 ? Compare(plans[0], plans[1], scenarios)
            : Confirm(parsed, plans[0], names[0], scenarios);
    }

    private static Scenario Read(string file)
    {
        using var stream = InputFile.Open(file);
        return LogReader.Read(stream, file).Scenario;
    }

    private static int Confirm(
        ParseResult parsed, ConfirmPlan plan, string kernelArgument, List<Scenario> scenarios)
    {
        var totals = new ConfirmTotals();
        var findings = new GuestFindings(parsed.GetValue(Out) ?? FindingStore.DefaultFolder);
        var isShrunk = scenarios.Count == 0 && !parsed.GetValue(NoShrink);
        var found = new List<GuestVerdict>();
        IReadOnlyList<Scenario> cases = scenarios.Count > 0 ? scenarios : GuestCampaign.Cases(plan);
        try
        {
            GuestCampaign.Run(
                plan, cases, verdict =>
                {
                    totals.Add(verdict);
                    Screen.Progress(totals.Cases, cases.Count, "boots");
                    if (!verdict.IsFinding)
                        return;

                    findings.Write(verdict, plan, kernelArgument);
                    found.Add(verdict);
                },
                Interruption.Token);
            foreach (var verdict in found.DistinctBy(static v => v.Kind).Take(MostFindings))
                Show(verdict, plan, kernelArgument, findings, isShrunk);
        }
        finally
        {
            if (totals.Cases > 0)
                Screen.Print(ConfirmText.Write(totals, plan.Kernel.Name));
        }

        return End(found.Count > 0);
    }

    private static void Show(
        GuestVerdict verdict, ConfirmPlan plan, string kernelArgument, GuestFindings findings, bool isShrunk)
    {
        var shrinker = new GuestShrinker(plan.Kernel, plan.IsStrict, Interruption.Token);
        var smallest = isShrunk && !Interruption.Token.IsCancellationRequested ? shrinker.Shrink(verdict) : verdict;
        var file = findings.Write(smallest, plan, kernelArgument);
        Screen.Print(ConfirmText.Write(smallest, UserFolders.Shorten(file), shrinker.Boots));
    }

    private static int Compare(ConfirmPlan one, ConfirmPlan other, List<Scenario> scenarios)
    {
        IReadOnlyList<Scenario> cases = scenarios.Count > 0 ? scenarios : GuestCampaign.CommonCases(one, other);
        var first = new List<GuestVerdict>();
        GuestCampaign.Run(one, cases, first.Add, Interruption.Token);
        var count = 0;
        GuestCampaign.Run(
            other, cases, verdict =>
            {
                if (first.Find(v => v.Case == verdict.Case) is not { } before
                    || GuestDifference.First(before, verdict) is not { } difference)
                {
                    return;
                }

                count++;
                Screen.Print(ConfirmText.Write(difference));
            },
            Interruption.Token);
        Screen.Print($"{one.Kernel.Name} and {other.Kernel.Name} differ in {count} of {first.Count} boots");
        return End(count > 0);
    }

    private static int End(bool isFinding)
    {
        if (isFinding)
            return ExitCode.Finding;

        if (!Interruption.Token.IsCancellationRequested)
            return ExitCode.Nothing;

        Screen.Error("interrupted");
        return ExitCode.Interrupted;
    }
}
