// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Kills;
using TdxVerify.Mutation.Table;
using TdxVerify.Search.Differences;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Every mutant of mutants/kernel.tsv is killed, by a property that may report it; equivalent ones are not reported.</summary>
public sealed class MutantTableTests
{
    private const ulong Cases = 4000;

    private static readonly Lazy<IReadOnlyDictionary<string, MutantResult>> Swept = new(Sweep);

    private static readonly Version First = new(6, 12);

    /// <summary>Mutants of the release that is compiled.</summary>
    public static TheoryData<string> Names => [.. Rows().Select(static r => r.Name)];

    /// <summary>Known issues whose neighbour is a mutant.</summary>
    public static TheoryData<string, string, string> Neighbours
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var known in KnownIssueCatalog.All.Where(static k => k.HoldsIn(KernelSource.Release) && MutantTable.Of(KernelSource.Release).Any(r => r.Name == k.Neighbour)))
            {
                data.Add(known.Name, known.Invariant, known.Neighbour);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AMutantIsKilledAndAnEquivalentOneIsNot(string name)
    {
        KernelSource.Require();
        var row = Edits.Row(name);
        var result = Swept.Value[name];
        Assert.Equal(row.IsEquivalent ? MutantFate.Equivalent : MutantFate.Killed, result.Fate);
        Assert.True(
            row.IsEquivalent || result.Properties.Any(row.IsReportedBy),
            $"expected one of {string.Join(", ", row.Properties)}, violated: {string.Join(", ", result.Properties)}");
    }

    [Fact]
    public void NoTwoOfAReleaseHaveOneName() => Assert.Distinct(MutantTable.Of(KernelSource.Release).Select(static r => r.Name));

    [Theory]
    [MemberData(nameof(Neighbours))]
    public void ANeighbourOfAKnownIssueIsStillReported(string known, string property, string mutant)
    {
        var plan = KernelSearch.Options(Edits.BuildMutant(mutant), 20_000, property) with { Strategy = Edits.Row(mutant).Strategy };
        Assert.True(KernelSearch.Run(plan).Violations.Any(static v => v.KnownIssue is null), $"{mutant} is taken for {known}");
    }

    /// <summary>The first mutant that violates a property is its evidence, tried on 6.12; on 7.3 what is about code that came later.</summary>
    [Fact]
    public void PropertiesAreViolatedByTheirMutants()
    {
        KernelSource.Require();
        var file = Path.Combine(Repository.Root, "mutants", "properties.tsv");
        var rows = PropertyEvidence.Read(file).AsParallel().AsOrdered()
            .Select(static r => IsLater(r.Property) == (KernelSource.Release == First) ? r : r with { Mutant = FirstThatViolates(r.Property) });
        Blessed.AssertIs(file, PropertyEvidence.Write(rows));
    }

    /// <summary>K5 compares two kernels: a mutant against the tree that it was made of.</summary>
    [Fact]
    public void AMutantDiffersFromItsTree()
    {
        var plan = KernelSearch.Options(Edits.BuildMutant("limits-read-backwards"), 2000, DifferentialProperty.WithOther.Id);
        plan = plan with { Kernel = plan.Kernel! with { Against = KernelSearch.UnderTest(KernelSource.RequireBuilt()) } };
        Assert.Equal(DifferentialProperty.WithOther.Id, Assert.Single(KernelSearch.Run(plan).Violations).Property);
    }

    [Fact]
    public void AKernelDoesWhatItDoesItself()
    {
        var plan = KernelSearch.Options(KernelSource.RequireBuilt(), 2000, DifferentialProperty.WithOther.Id);
        Assert.Empty(KernelSearch.Run(plan with { Kernel = plan.Kernel! with { Against = plan.Kernel } }).Violations);
    }

    /// <summary>CPUs, updates of the module, the end of the kernel.</summary>
    private static bool IsLater(string property) => property[0] is 'O' or 'V' or 'E' || property is "G10" or "K9";

    private static string FirstThatViolates(string property)
    {
        if (property == DifferentialProperty.WithOther.Id)
        {
            return "limits-read-backwards";
        }

        var rows = Rows().Where(static r => !r.IsEquivalent).ToList();
        return (rows.Find(r => Swept.Value[r.Name].Properties.Contains(property)) ?? rows.Find(r => r.Properties.Contains(property) && Violates(r, property)))
            ?.Name ?? "";
    }

    /// <summary>A search that judges nothing else: what is violated later than another property, the sweep does not meet.</summary>
    private static bool Violates(TableRow row, string property)
    {
        var plan = KernelSearch.Options(Edits.BuildMutant(row.Name), 20_000, property) with { Strategy = row.Strategy };
        return KernelSearch.Run(plan).Violations.Any(static v => v.KnownIssue is null);
    }

    /// <summary>What 6.12 has too is tried there; of that, another release tries one in three.</summary>
    private static IEnumerable<TableRow> Rows() => MutantTable.Of(KernelSource.Release)
        .Where(static (r, i) => KernelSource.Release == First || !r.AppliesTo(First) || i % 3 == 0);

    private static Dictionary<string, MutantResult> Sweep()
    {
        var built = KernelSource.RequireBuilt();
        var plan = KernelSearch.Options(built, Cases) with { CasesBehindDifference = 1 << 10, KeepsGoing = false };
        var run = new MutationRun(new MutationPlan(built, plan) { Shrinks = false }, BuildFolder.Builder);
        var mutants = Rows().Select(r => r.In(built.Tree.Folder)).ToList();
        return run.Run(mutants, null, CancellationToken.None).ToDictionary(static r => r.Mutant.Name);
    }
}
