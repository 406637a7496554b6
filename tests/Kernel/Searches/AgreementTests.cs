// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>The kernel as it is: it does what the reference does, event by event, and breaks what is known and nothing else.</summary>
public sealed class AgreementTests
{
    // All known issues are met in these cases.
    private const ulong Seed = 20;
    private const ulong Cases = 40_000;

    // Zones and results of steps on blocks are the model's; what they violate is rare, or 7.3's alone.
    private static readonly string[] OfZones = ["H19", "H20", "H21", "H22"];

    private static readonly Lazy<Campaign> Kernel = new(static () => OnKernel(Strategy.Mixed));
    private static readonly Lazy<Campaign> KernelSequences = new(static () => OnKernel(Strategy.Sequences));

    public static TheoryData<Strategy> Strategies => [Strategy.Mixed, Strategy.Sequences];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void NothingIsViolatedThatIsNotKnown(Strategy strategy)
    {
        KernelSource.RequireBuilt();
        Assert.Equal(Cases, Of(strategy).Cases);
        Assert.Empty(Of(strategy).Violations.Where(static f => f.KnownIssue is null).Select(static f => $"{f.Property} in case {f.Case}: {f.Verdict} {f.Detail}"));
    }

    [Fact]
    public void EveryKnownIssueIsMet()
    {
        KernelSource.RequireBuilt();
        Assert.Equal(
            KnownIssueCatalog.All.Where(static k => !OfZones.Contains(k.Invariant) && k.HoldsIn(KernelSource.Release)).Select(static k => k.Name).Order(),
            Kernel.Value.Violations.Concat(KernelSequences.Value.Violations).Where(static f => !OfZones.Contains(f.Property))
                .Select(static f => f.KnownIssue).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void TheSameCasesShowThemInTheReference(Strategy strategy)
    {
        var options = KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Worker = null, Strategy = strategy };
        options = options with { Policy = options.Kernel!.ProfileName!, Kernel = null, Workers = Environment.ProcessorCount };
        var reference = KernelSearch.Run(options);
        Assert.Equal(Lines(reference), Lines(Of(strategy)));
        Assert.Equal(reference.Coverage.ToNumbers(), Of(strategy).Coverage.ToNumbers());
    }

    [Fact]
    public void AWorkerProcessFindsTheSame()
    {
        var plan = KernelSearch.Options(KernelSource.RequireBuilt(), Cases / 4) with { Seed = Seed, KeepsGoing = true, Workers = 2 };
        var (here, there) = (KernelSearch.Run(plan with { Worker = null, Workers = 1 }), KernelSearch.Run(plan));
        Assert.NotEmpty(here.Violations);
        Assert.Equal(Lines(here), Lines(there));
        Assert.Equal(here.Coverage.ToNumbers(), there.Coverage.ToNumbers());
    }

    private static Campaign Of(Strategy strategy) => (strategy == Strategy.Sequences ? KernelSequences : Kernel).Value;

    private static Campaign OnKernel(Strategy strategy) => KernelSearch.Run(
        KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Seed = Seed, KeepsGoing = true, Worker = null, Strategy = strategy });

    /// <summary>Reads of freed memory are seen in cases with guards only, so that the first such case is another on the reference.</summary>
    private static IEnumerable<string> Lines(Campaign campaign) => campaign.Violations
        .Where(static f => f.Property != "U3")
        .Select(static f => $"case {f.Case}: {f.Property} {f.KnownIssue} {f.Verdict}");
}
