// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Search.Designs;
using TdxVerify.Search.Mutants;

namespace TdxVerify.Search;

/// <summary>What the host code does, by the name of a mutant, a design or a profile.</summary>
/// <param name="Choices">What it is meant to decide as the merged code does.</param>
public sealed record NamedRules(string Name, HostRules Rules, MergedChoices Choices)
{
    /// <summary>The rules of that name, or null.</summary>
    public static NamedRules? Find(string name)
    {
        if ((MutantCatalog.Find(name) ?? DesignCatalog.Find(name)?.AsMutant) is { } mutant)
            return new NamedRules(name, mutant.Rules, mutant.Choices);

        return HostProfile.Find(name) is { } profile
            ? new NamedRules(name, profile.Rules, profile.Rules.MergedChoices)
            : null;
    }

    /// <summary>What a plan without a kernel is about.</summary>
    internal static NamedRules Of(CampaignPlan plan) =>
        Find(plan.Mutant ?? plan.Profile)
            ?? throw new InvalidOperationException($"no rules are named {plan.Mutant ?? plan.Profile}");
}
