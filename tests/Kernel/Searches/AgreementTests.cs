// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Search.Knowns;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>The kernel as it is: it does what the reference does, event by event, and breaks what is known and nothing else.</summary>
public sealed class AgreementTests
{
    // All known findings are met in these cases.
    private const ulong Seed = 20;
    private const ulong Cases = 40_000;

    private static readonly Lazy<Sweep> Kernel = new(static () => KernelSearch.Run(
        KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Worker = null }));

    private static readonly Lazy<Sweep> Reference = new(static () => KernelSearch.Run(
        KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Worker = null, Kernel = null }));

    [Fact]
    public void NothingIsBrokenThatIsNotKnown()
    {
        KernelSource.RequireBuilt();
        Assert.Equal(Cases, Kernel.Value.Cases);
        Assert.Empty(Kernel.Value.Found.Where(static f => f.Breach.Known is null).Select(static f => $"{f.Breach.Statement.Id} in case {f.Case}: {f.Breach.Verdict} {f.Breach.Detail}"));
    }

    [Fact]
    public void EveryKnownFindingIsMet()
    {
        KernelSource.RequireBuilt();
        Assert.Equal(KnownCatalog.All.Select(static k => k.Name).Order(), Kernel.Value.Found.Select(static f => f.Breach.Known?.Name).Order());
    }

    [Fact]
    public void TheSameCasesShowThemInTheReference()
    {
        KernelSource.RequireBuilt();
        Assert.Equal(Lines(Reference.Value), Lines(Kernel.Value));
        Assert.Equal(Reference.Value.Coverage.ToNumbers(), Kernel.Value.Coverage.ToNumbers());
    }

    [Fact]
    public void AWorkerProcessFindsTheSame()
    {
        var there = KernelSearch.Run(KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Workers = 2 });
        Assert.Equal(Lines(Kernel.Value), Lines(there));
        Assert.Equal(Kernel.Value.Coverage.ToNumbers(), there.Coverage.ToNumbers());
    }

    private static IEnumerable<string> Lines(Sweep sweep) => sweep.Found.Select(static f => $"case {f.Case}: {f.Breach.Statement.Id} {f.Breach.Known?.Name} {f.Breach.Verdict}");
}
