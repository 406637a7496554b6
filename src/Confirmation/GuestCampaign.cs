// SPDX-License-Identifier: MIT

using System.Runtime.ExceptionServices;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Subjects.Guest;

namespace TdxVerify.Confirmation;

/// <summary>Boots cases, a few at a time, and tells of each in their order.</summary>
public static class GuestCampaign
{
    /// <summary>The cases of a plan: layouts first, then sequences.</summary>
    public static IReadOnlyList<Scenario> Cases(ConfirmPlan plan) =>
        Cases(plan, GuestJudge.CasesFor(plan.Kernel, plan.Steps));

    /// <summary>Cases that two kernels can both have: where one of them has TDX from an initcall, TDX comes first in
    /// all of them.</summary>
    public static IReadOnlyList<Scenario> CommonCases(ConfirmPlan one, ConfirmPlan other)
    {
        var first = GuestJudge.CasesFor(one.Kernel, one.Steps);
        var second = GuestJudge.CasesFor(other.Kernel, one.Steps);
        return Cases(one, new BootableCases
        {
            HasTdx = first.HasTdx && second.HasTdx,
            Steps = one.Steps,
            Traits = first.Traits | second.Traits,
        });
    }

    private static List<Scenario> Cases(ConfirmPlan plan, BootableCases cases)
    {
        var made = new List<Scenario>();
        for (var index = 0; index < plan.Cases; index++)
        {
            var scenario = new Scenario();
            if (index < plan.Layouts)
                cases.FillLayout(scenario, plan.Seed, (ulong)index);
            else
                cases.FillSequence(scenario, plan.Seed, (ulong)index);

            made.Add(scenario);
        }

        return made;
    }

    /// <summary>Runs all of them, or until it is cancelled.</summary>
    /// <param name="tell">Hears of each case as soon as it and those in front of it are done.</param>
    public static void Run(
        ConfirmPlan plan, IReadOnlyList<Scenario> scenarios, Action<GuestVerdict> tell, CancellationToken token)
    {
        var judges = new GuestJudge?[plan.Workers];
        try
        {
            OrderedWork.Run(
                scenarios.Count, Math.Min(plan.Workers, Math.Max(1, scenarios.Count)), (i, worker) =>
                {
                    token.ThrowIfCancellationRequested();
                    var judge = judges[worker] ??= new GuestJudge(plan.Kernel, plan.IsStrict, token);
                    return judge.Run(scenarios[i], (ulong)i);
                },
                tell);
        }
        catch (AggregateException failed) when (failed.InnerExceptions[0] is GuestException)
        {
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }
        finally
        {
            foreach (var judge in judges)
                judge?.Dispose();
        }
    }
}
