// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Shrinking;

namespace TdxVerify.Search;

/// <summary>From a violation to the smallest scenario that shows it. A candidate must violate the same property, known
/// as the same issue or not at all.</summary>
public sealed class FindingShrinker(CampaignPlan plan)
{
    /// <summary>Scenarios that are evaluated at most to shrink one.</summary>
    public const int MaxEvaluations = 3000;
    /// <summary>Those of them at most in which kernel code goes on for ever.</summary>
    public const int MaxHangs = 16;

    /// <summary>What takes microseconds alone is not waited for as long as a batch.</summary>
    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What a campaign found, as it was found.</summary>
    public Finding Raw(in Violation violation) =>
        new(violation, Named(CampaignParts.Case(plan, violation.Case), violation), 0);

    public Finding Shrink(in Violation violation)
    {
        var scenario = CampaignParts.Case(plan, violation.Case);
        return (plan.Worker is null ? null : FlakyOrNull(violation, scenario)) ?? Shrink(violation, scenario);
    }

    /// <summary>Shrinks a scenario that violates a property.</summary>
    public Finding Shrink(Violation violation, Scenario scenario)
    {
        using var executor = ExecutorOf(violation);
        var hangs = 0;
        var shrinker = new Shrinker(
            candidate =>
            {
                if (hangs == MaxHangs)
                    return false;

                var evaluation = executor.Evaluate(candidate);
                hangs += evaluation.HasHung ? 1 : 0;
                return Again(evaluation, violation) is not null;
            },
            MaxEvaluations);
        var smallest = shrinker.Shrink(scenario);
        var last = executor.Evaluate(smallest, withReport: true);
        var again = Again(last, violation);
        var shown = again is { } found ? violation with { Verdict = found.Verdict, Detail = found.Detail } : violation;
        return new Finding(shown with { Trace = null }, Named(smallest, violation), shrinker.Evaluations)
        {
            Memory = last.Memory,
            Pamts = last.Pamts,
            Report = last.Report,
        };
    }

    /// <summary>A scenario that was evaluated, as it is.</summary>
    public static Finding AsItIs(Scenario scenario, in Violation violation, Evaluation evaluation) =>
        new(violation, scenario, 0)
        {
            Memory = evaluation.Memory,
            Pamts = evaluation.Pamts,
            Report = evaluation.Report,
        };

    /// <summary>A case of a process may not fail a second time: then it is shown as it is, with both traces.</summary>
    private Finding? FlakyOrNull(in Violation violation, Scenario scenario)
    {
        using var executor = ExecutorOf(violation);
        var evaluation = executor.Evaluate(scenario);
        return Again(evaluation, violation) is not null
            ? null
            : new Finding(violation with { Also = null }, Named(scenario, violation), 1)
            {
                Memory = evaluation.Memory,
                Pamts = evaluation.Pamts,
                SecondTrace = evaluation.Trace,
            };
    }

    private IExecutor ExecutorOf(in Violation violation) =>
        IExecutor.Of(plan with
        {
            Properties = [violation.Property],
            Worker = plan.Worker is { } launch && launch.HangTimeout > HangTimeout
                ? launch with { HangTimeout = HangTimeout }
                : plan.Worker,
        });

    private Scenario Named(Scenario scenario, in Violation violation)
    {
        scenario.Profile = plan.Policy == HostProfile.Merged.Name ? null : plan.Policy;
        scenario.Property = violation.Property;
        return scenario;
    }

    private static Violation? Again(Evaluation evaluation, in Violation violation)
    {
        foreach (var found in evaluation.Violations)
        {
            if (found.IsSameKind(violation))
                return found;
        }

        return null;
    }
}
