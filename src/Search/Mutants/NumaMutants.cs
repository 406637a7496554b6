// SPDX-License-Identifier: MIT

using TdxVerify.Model.Numa;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of guests' memory policies, on a host where any memory may come online.</summary>
internal static class NumaMutants
{
    public static IEnumerable<Mutant> All =>
    [
        With("guest-anywhere", "a guest's page comes from any node of its policy", "policies not looked at",
            new NumaRules()),
        With("policy-narrowed", "a guest's policy is silently narrowed to TDX-capable nodes",
            "mail: silently changing the mempolicy", new NumaRules { Treatment = PolicyTreatment.Narrows }),
        With("policy-nomem", "a guest's page outside TDX-capable nodes is -ENOMEM",
            "mail: -ENOMEM for an application that can't know",
            new NumaRules { Treatment = PolicyTreatment.NoMemory }),
        With("policy-refused", "a policy with a node that is not TDX-capable is refused",
            "mail: refuse with a message", new NumaRules { Treatment = PolicyTreatment.Refuses }),
        With("half-node-capable", "a node counts as TDX-capable when some of its memory is in the list",
            "any instead of all", new NumaRules { Treatment = PolicyTreatment.NoMemory, CountsHalfNodes = true }),
    ];

    private static Mutant With(string name, string sentence, string source, NumaRules rules) =>
        new(name, sentence, source,
            HostRules.Merged with { Notifier = new NotifierRules { Test = NotifierTest.Anything }, Numa = rules })
        {
            Strategy = Strategy.Sequences,
            Choices = MergedChoices.None,
        };
}
