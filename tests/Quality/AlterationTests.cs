// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Mutation.Alterations;
using TdxVerify.Mutation.Table;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Tests.Quality;

/// <summary>
/// The oracle itself is measured: traces of intact cases are altered in every small way, and the invariants must notice
/// without the reference what is not argued to mean nothing.
/// </summary>
public sealed class AlterationTests
{
    private const ulong Seed = 1;
    private const ulong Cases = 60;

    private static readonly Lazy<IReadOnlyList<AlterationCount>> Counted = new(Count);

    public static TheoryData<string> KnownIssues =>
        [.. KnownIssueCatalog.All.Where(static k => k.Neighbour.Contains(": ", StringComparison.Ordinal))
            .Select(static k => k.Name)];

    [Fact]
    public void EveryAlterationThatMeansSomethingIsNoticed() => AssertNone(
        Counted.Value.Where(static c => c.Missed > 0)
            .Select(static c => $"{c.Subject}: {c.Change}: {c.Noticed} of {c.Tried}, not in {c.Unnoticed}"));

    private static void AssertNone(IEnumerable<string> missed)
    {
        var lines = missed.ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }

    [Fact]
    public void ManyAreTried() => Assert.InRange(Counted.Value.Sum(static c => c.Noticed), 300_000, int.MaxValue);

    [Fact]
    public void LittleIsArgued()
    {
        var unnoticed = Counted.Value.Sum(static c => c.Tried - c.Noticed);
        Assert.InRange(unnoticed, 0, Counted.Value.Sum(static c => c.Tried) * 5 / 100);
    }

    /// <summary>A row that nothing needs hides what comes later.</summary>
    [Fact]
    public void EveryRowArguesForSomething()
    {
        var used = Counted.Value.Where(static c => c.Noticed < c.Tried)
            .Select(static c => MeaninglessTable.Find(c.Subject, c.Change)).ToHashSet();
        var unused = MeaninglessTable.All.Where(r => !used.Contains(r)).Select(static r => $"{r.Subject}: {r.Change}").ToList();
        Assert.True(unused.Count == 0, string.Join('\n', unused));
    }

    [Theory]
    [MemberData(nameof(KnownIssues))]
    public void ANeighbourOfAKnownIssueIsStillReported(string known)
    {
        var issue = KnownIssueCatalog.All.Single(k => k.Name == known);
        var neighbour = Counted.Value.Single(c => $"{c.Subject}: {c.Change}" == issue.Neighbour);
        Assert.Contains(issue.Invariant, neighbour.By.Keys);
    }

    /// <summary>The alteration that violates a property most often is its evidence.</summary>
    [Fact]
    public void PropertiesAreViolatedByTheirAlterations()
    {
        var file = Path.Combine(Repository.Root, "mutants", "properties.tsv");
        var rows = PropertyEvidence.Read(file);
        var expected = PropertyCatalog.All.Where(static p => p.Id != "CANARY").Select(p => new PropertyEvidence(
            p.Id, MostOften(p.Id), rows.FirstOrDefault(r => r.Property == p.Id)?.Mutant ?? ""));
        Blessed.AssertIs(file, PropertyEvidence.Write(expected));
    }

    [Fact]
    public void EveryPropertyIsViolatedBySomething() => Assert.Empty(
        PropertyCatalog.All.Select(static p => PropertyEvidence.Of(p.Id))
            .Where(static e => e.Property != "CANARY" && e.Alteration.Length == 0 && e.Mutant.Length == 0)
            .Select(static e => e.Property));

    private static string MostOften(string property) =>
        Counted.Value.Where(c => c.By.ContainsKey(property)).OrderByDescending(c => c.By[property])
            .Select(static c => $"{c.Subject}: {c.Change}").FirstOrDefault() ?? "";

    private static List<AlterationCount> Count()
    {
        var run = new AlterationRun();
        foreach (var profile in (HostProfile[])[HostProfile.Merged, HostProfile.SubsysInitcall73])
        {
            run.Run(profile, Strategy.Mixed, Seed, Cases, CancellationToken.None);
            run.Run(profile, Strategy.Sequences, Seed, Cases / 4, CancellationToken.None);
            run.Run(profile, Strategy.Memblock, Seed, Cases / 4, CancellationToken.None);
        }

        return [.. run.Counts];
    }
}
