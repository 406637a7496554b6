// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Differences;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Search;

/// <summary>A built kernel, and what it is held against.</summary>
/// <param name="Library">The library.</param>
/// <param name="Name">How reports name the tree.</param>
/// <param name="Profile">The host rules that its source declares; null: nobody knows them, and invariants alone judge.</param>
public sealed record KernelUnderTest(string Library, string Name, HostProfile? Profile)
{
    /// <summary>What the user named it.</summary>
    public string Argument { get; init; } = Name;

    /// <summary>What kind of boots it has; by its profile where there is one.</summary>
    public KernelTraits Traits { get; init; } = Profile is { } known ? TraitsOf(known.Rules) : KernelTraits.None;

    /// <summary>Boots that it and the kernel beside it can both have: either may come up during boot, the rest both must know.</summary>
    public KernelTraits CommonTraits => Against is { } other
        ? ((Traits | other.Traits) & KernelTraits.EnablesDuringBoot) | (Traits & other.Traits)
        : Traits;

    /// <summary>The boots of a host by its rules.</summary>
    public static KernelTraits TraitsOf(HostRules rules) =>
        (rules.BuildsListDuringBoot ? KernelTraits.EnablesDuringBoot | KernelTraits.AsksForFeatures : 0)
        | (rules.Boot.TakesOneEntryMap ? KernelTraits.TakesOneEntryMap : 0)
        | (rules.Boot.ExtendsKhoScratch ? KernelTraits.ExtendsKhoScratch : 0);

    /// <summary>The options that name the same kernels again.</summary>
    public IReadOnlyList<string> Options => Against is { } other ? ["--kernel", Argument, "--against", other.Argument] : ["--kernel", Argument];

    /// <summary>Another kernel that must do the same, instead of the reference.</summary>
    public KernelUnderTest? Against { get; init; }

    /// <summary>A judge of it.</summary>
    /// <param name="isJudged">Which statements are judged; null: all.</param>
    public CaseJudge CreateJudge(Func<string, bool>? isJudged)
    {
        IHost? other = Against is { } kernel
            ? kernel.CreateSubject()
            : Profile is { } profile ? new ModelHost(profile.Rules, Modules.Reloaded()) : null;
        return new CaseJudge(CreateSubject, Profile?.Rules.MergedChoices ?? MergedChoices.None, isJudged, other, Against is null ? Agreement.WithReference : Agreement.WithOther);
    }

    private KernelHost CreateSubject() => new(Library, Name, Modules.Reloaded(), Profile?.Rules);
}
