// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Search.Designs;

namespace TdxVerify.Search;

/// <summary>What the reference decides, by the name of a design or of a profile.</summary>
public sealed record NamedPolicy(string Name, KernelPolicy Policy)
{
    /// <summary>The policy of that name, or null.</summary>
    public static NamedPolicy? Find(string name) =>
        (DesignCatalog.Find(name)?.Policy ?? HostProfile.Find(name)?.Policy) is { } policy
            ? new NamedPolicy(name, policy)
            : null;

    /// <summary>What a plan without a kernel is about.</summary>
    internal static KernelPolicy Of(CampaignPlan plan) =>
        Find(plan.Policy)?.Policy ?? throw new InvalidOperationException($"no policy is named {plan.Policy}");
}
