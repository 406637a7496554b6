// SPDX-License-Identifier: MIT

using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Changes of a kernel's source that change nothing outside are not minded.</summary>
public sealed class NeutralEditTests
{
    private const ulong Cases = 20_000;

    private static readonly EditRuns Runs = new(NeutralEdits.OfRelease, Cases);

    public static TheoryData<string> Names => [.. NeutralEdits.OfRelease.Select(static e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AChangeThatMustNotMatterIsNotMinded(string name)
    {
        var campaign = Runs.Of(NeutralEdits.Find(name));
        Assert.Empty(KernelSearch.Unknown(campaign));
        Assert.Equal(Cases, campaign.Cases);
    }
}
