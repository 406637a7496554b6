// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios;
using TdxVerify.Search.Differences;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Search;

/// <summary>From a plan, which is data, to what runs it.</summary>
public static class CampaignParts
{
    public static ScenarioGenerator Generator(CampaignPlan plan)
    {
        var traits = plan.Kernel?.CommonTraits ?? KernelUnderTest.TraitsOf(NamedPolicy.Of(plan));
        return plan.Origin is { } text
            ? new ScenarioGenerator(ScenarioText.Read(text)) { Traits = traits }
            : new ScenarioGenerator(plan.Strategy) { Traits = traits };
    }

    public static Scenario Case(CampaignPlan plan, ulong index)
    {
        var scenario = new Scenario();
        Generator(plan).Fill(scenario, plan.Seed, index);
        return scenario;
    }

    /// <summary>The release whose words the kernel of a plan uses.</summary>
    public static Version Messages(CampaignPlan plan) => plan.Kernel is { } kernel
        ? (kernel.Profile ?? HostProfile.Merged).Policy.Messages
        : NamedPolicy.Of(plan).Messages;

    public static CaseJudge Judge(CampaignPlan plan)
    {
        if (plan.Kernel is not { } kernel)
        {
            var policy = NamedPolicy.Of(plan);
            return new CaseJudge(policy, policy.MergedChoices, plan.Properties);
        }

        IHost? other = kernel.Against is { } against ? Host(against)
            : kernel.Profile is { } profile ? new ModelHost(profile.Policy, Modules.Reloaded())
            : null;
        return new CaseJudge(
            () => Host(kernel), kernel.Profile?.Policy.MergedChoices ?? MergedChoices.None, plan.Properties)
        {
            Other = other is null ? null : new SubjectDriver(other),
            ComparesResults = plan.ComparesResults,
            Differential = kernel.Against is null
                ? DifferentialProperty.WithReference
                : DifferentialProperty.WithOther,
        };
    }

    private static KernelHost Host(KernelUnderTest kernel) =>
        new(kernel.Library, kernel.Name, Modules.Reloaded(), kernel.Profile?.Policy);
}
