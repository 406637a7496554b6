// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Knowns;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>The kernel as it is: it does what the reference does, event by event, and breaks what is known and nothing else.</summary>
public sealed class AgreementTests
{
    // All known findings are met in these cases.
    private const ulong Seed = 20;
    private const ulong Cases = 40_000;

    private static readonly Lazy<Sweep> Kernel = new(static () => OnKernel(Mood.Mixed));
    private static readonly Lazy<Sweep> KernelSequences = new(static () => OnKernel(Mood.Sequences));

    public static TheoryData<Mood> Moods => [Mood.Mixed, Mood.Sequences];

    [Theory]
    [MemberData(nameof(Moods))]
    public void NothingIsBrokenThatIsNotKnown(Mood mood)
    {
        KernelSource.RequireBuilt();
        Assert.Equal(Cases, Of(mood).Cases);
        Assert.Empty(Of(mood).Found.Where(static f => f.Breach.Known is null).Select(static f => $"{f.Breach.Statement.Id} in case {f.Case}: {f.Breach.Verdict} {f.Breach.Detail}"));
    }

    [Fact]
    public void EveryKnownFindingIsMet()
    {
        KernelSource.RequireBuilt();
        Assert.Equal(
            KnownCatalog.All.Select(static k => k.Name).Order(),
            Kernel.Value.Found.Concat(KernelSequences.Value.Found).Select(static f => f.Breach.Known?.Name).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Moods))]
    public void TheSameCasesShowThemInTheReference(Mood mood)
    {
        var options = KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Worker = null, Mood = mood };
        options = options with { Profile = options.Kernel!.Profile!, Kernel = null };
        var reference = KernelSearch.Run(options);
        Assert.Equal(Lines(reference), Lines(Of(mood)));
        Assert.Equal(reference.Coverage.ToNumbers(), Of(mood).Coverage.ToNumbers());
    }

    [Fact]
    public void AWorkerProcessFindsTheSame()
    {
        var there = KernelSearch.Run(KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Workers = 2 });
        Assert.Equal(Lines(Kernel.Value), Lines(there));
        Assert.Equal(Kernel.Value.Coverage.ToNumbers(), there.Coverage.ToNumbers());
    }

    private static Sweep Of(Mood mood) => (mood == Mood.Sequences ? KernelSequences : Kernel).Value;

    private static Sweep OnKernel(Mood mood) => KernelSearch.Run(
        KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Worker = null, Mood = mood });

    /// <summary>Reads of freed memory are seen in cases with guards only, so that the first such case is another on the reference.</summary>
    private static IEnumerable<string> Lines(Sweep sweep) => sweep.Found
        .Where(static f => f.Breach.Statement.Id != "U3")
        .Select(static f => $"case {f.Case}: {f.Breach.Statement.Id} {f.Breach.Known?.Name} {f.Breach.Verdict}");
}
