// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search;

/// <summary>A built kernel, and what it is compared with: plain data.</summary>
/// <param name="ProfileName">The profile that its source declares; null: nobody knows it, and invariants alone
/// judge.</param>
public sealed record KernelUnderTest(string Library, string Name, string? ProfileName)
{
    /// <summary>The host rules of that name.</summary>
    [JsonIgnore]
    public HostProfile? Profile => ProfileName is null ? null : HostProfile.Find(ProfileName);
    public string Argument { get; init; } = Name;

    /// <summary>What kind of boots it has; by its profile where there is one.</summary>
    public KernelTraits Traits { get; init; } = ProfileName is { } name
        && HostProfile.Find(name) is { } known ? TraitsOf(known.Rules) : KernelTraits.None;

    /// <summary>Boots that it and the kernel beside it can both have: either may come up during boot, the rest both
    /// must know.</summary>
    [JsonIgnore]
    public KernelTraits CommonTraits => Against is { } other
        ? ((Traits | other.Traits) & KernelTraits.EnablesDuringBoot) | (Traits & other.Traits)
        : Traits;

    /// <summary>The boots of a host by its rules.</summary>
    public static KernelTraits TraitsOf(HostRules rules) =>
        (rules.BuildsListDuringBoot ? KernelTraits.EnablesDuringBoot | KernelTraits.AsksForFeatures : 0)
        | (rules.Boot.TakesOneEntryMap ? KernelTraits.TakesOneEntryMap : 0)
        | (rules.Boot.ExtendsKhoScratch ? KernelTraits.ExtendsKhoScratch : 0);

    /// <summary>The options that name the same kernels again.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Options =>
        Against is { } other ? ["--kernel", Argument, "--against", other.Argument] : ["--kernel", Argument];

    /// <summary>Another kernel that must do the same, instead of the reference.</summary>
    public KernelUnderTest? Against { get; init; }
}
