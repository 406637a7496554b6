// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_init(), one member a decision.</summary>
public sealed record GateRules
{
    public static GateRules Merged { get; } = new();

    /// <summary>TDX goes on although hibernation is available.</summary>
    public bool IgnoresHibernation { get; init; }

    /// <summary>TDX goes on although the notifier could not be registered.</summary>
    public bool IgnoresNotifier { get; init; }

    public uint MinKeyIds { get; init; } = 2;

    /// <summary>The first private KeyID is taken to be the number of MKTME KeyIDs.</summary>
    public bool StartsAtMktmeCount { get; init; }

    /// <summary>TDX may be enabled although boot refused it.</summary>
    public bool IgnoresRefusal { get; init; }

    /// <summary>Guests may get the global KeyID too.</summary>
    public bool SharesGlobalKeyId { get; init; }
}
