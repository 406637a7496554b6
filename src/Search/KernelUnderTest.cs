// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search;

/// <summary>A built kernel, and what it is compared with: plain data.</summary>
/// <param name="ProfileName">The profile that its source declares; null: nobody knows it, and invariants alone
/// judge.</param>
public sealed record KernelUnderTest(string Library, string Name, string? ProfileName)
{
    /// <summary>The host policy of that name.</summary>
    [JsonIgnore]
    public HostProfile? Profile => ProfileName is null ? null : HostProfile.Find(ProfileName);
    public string Argument { get; init; } = Name;

    /// <summary>What compiled it, and the commit where its name has none: "gcc 12.2.0", "1a2b3c4d5e6f,
    /// changed".</summary>
    public string Compiler { get; init; } = "";

    public string? Commit { get; init; }

    /// <summary>Name of the mutant that was made of it, or null: it is as its tree has it.</summary>
    public string? Mutant { get; init; }

    /// <summary>What kind of boots it has; by its profile where there is one.</summary>
    public KernelTraits Traits { get; init; } = ProfileName is { } name
        && HostProfile.Find(name) is { } known ? TraitsOf(known.Policy) : KernelTraits.None;

    /// <summary>Boots that it and the kernel beside it can both have: either may come up during boot, the rest both
    /// must know.</summary>
    [JsonIgnore]
    public KernelTraits CommonTraits => Against is { } other
        ? ((Traits | other.Traits) & KernelTraits.EnablesDuringBoot) | (Traits & other.Traits)
        : Traits;

    /// <summary>The boots of a host by its policy.</summary>
    public static KernelTraits TraitsOf(KernelPolicy policy) =>
        (policy.BuildsListDuringBoot ? KernelTraits.EnablesDuringBoot | KernelTraits.AsksForFeatures : 0)
        | (policy.TakesOneEntryMap ? KernelTraits.TakesOneEntryMap : 0)
        | (policy.ExtendsKhoScratch ? KernelTraits.ExtendsKhoScratch : 0);

    /// <summary>The options that name the same kernels again.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Options
    {
        get
        {
            string[] mutant = Mutant is null ? [] : ["--mutant", Mutant];
            string[] against = Against is null ? [] : ["--against", Against.Argument];
            return ["--kernel", Argument, .. mutant, .. against];
        }
    }

    /// <summary>Another kernel that must do the same, instead of the reference.</summary>
    public KernelUnderTest? Against { get; init; }
}
