// SPDX-License-Identifier: MIT

using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Slips;

/// <summary>Faults that are planted in a kernel's source are found, soon and by the statement that is about them.</summary>
public sealed class SourceSlipTests
{
    private const ulong Cases = 2000;

    private static readonly EditRuns Runs = new(SourceSlips.OfRelease, Cases);

    public static TheoryData<string> Names => [.. SourceSlips.OfRelease.Select(static s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void APlantedFaultIsFound(string name)
    {
        var slip = SourceSlips.Find(name);
        var ids = KernelSearch.Unknown(Runs.Of(slip)).ToList();
        Assert.True(ids.Exists(slip.IsNamedBy), $"{name}: expected one of {string.Join(", ", slip.Breaks)}, found {(ids.Count == 0 ? "nothing" : string.Join(", ", ids))}");
    }

    [Fact]
    public void NoTwoHaveTheSameName() => Assert.Distinct(SourceSlips.OfRelease.Concat(NeutralEdits.OfRelease).Select(static s => s.Name));
}
