// SPDX-License-Identifier: MIT

using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Faults that are planted in a kernel's source are found, soon and by the property that is about them.</summary>
public sealed class SourceMutantTests
{
    private const ulong Cases = 2000;

    private static readonly EditRuns Runs = new(SourceMutants.OfRelease, Cases);

    public static TheoryData<string> Names => [.. SourceMutants.OfRelease.Select(static s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void APlantedFaultIsFound(string name)
    {
        var mutant = SourceMutants.Find(name);
        var ids = KernelSearch.Unknown(Runs.Of(mutant)).ToList();
        Assert.True(ids.Exists(mutant.IsNamedBy), $"{name}: expected one of {string.Join(", ", mutant.Breaks)}, found {(ids.Count == 0 ? "nothing" : string.Join(", ", ids))}");
    }

    [Fact]
    public void NoTwoHaveTheSameName() => Assert.Distinct(SourceMutants.OfRelease.Concat(NeutralEdits.OfRelease).Select(static s => s.Name));
}
