// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of tdx_init().</summary>
internal static class GateMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("hibernation-ignored", "TDX goes on although hibernation is available", "H19",
            With(new GateRules { IgnoresHibernation = true })),
        new("notifier-failure-ignored", "TDX goes on although the notifier is not registered", "error not looked at",
            With(new GateRules { IgnoresNotifier = true })),
        new("one-keyid-enough", "one private KeyID is enough", "H20: threshold",
            With(new GateRules { MinKeyIds = 1 })),
        new("keyid-start-off-by-one", "the first private KeyID is one too small",
            "H20: nr_mktme_keyids instead of + 1", With(new GateRules { StartsAtMktmeCount = true })),
        new("keyid-shared", "guests may get the global KeyID", "H20: guest range",
            With(new GateRules { SharesGlobalKeyId = true })),
        new("three-keyids-needed", "fewer than three private KeyIDs are refused", "H20: threshold",
            With(new GateRules { MinKeyIds = 3 })),
        new("refusal-ignored", "TDX may be enabled although boot refused it",
            "X86_FEATURE_TDX_HOST_PLATFORM not looked at", With(new GateRules { IgnoresRefusal = true })),
    ];

    private static HostRules With(GateRules rules) => HostRules.Merged with { Gates = rules };
}
