// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Tests.Quality;

/// <summary>SPECIFICATION.md says what the code says.</summary>
public sealed class SpecificationTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "SPECIFICATION.md"));

    [Fact]
    public void EveryPropertyStandsThere()
    {
        var mutants = PropertyTests.Mutants.ToDictionary(static row => row.Data.Item1, static row => row.Data.Item2).Concat(PropertyTests.OfKernels).ToDictionary();
        Assert.Empty(
            from statement in PropertyCatalog.All
            where statement.Id != "CANARY"
            let line = $"| {statement.Id} | {ClassName(statement.Class)} | {statement.Sentence} | {statement.Source} | {mutants[statement.Id]} |"
            where !Lines.Contains(line)
            select line);
    }

    [Fact]
    public void EveryKnownIssueStandsThere() => Assert.Empty(
        KnownIssueCatalog.All.Select(static k => $"| {k.Name} | {k.Invariant} | {k.Sentence} | {k.Judgement} | {k.Releases} | {k.Neighbour} |").Except(Lines));

    [Fact]
    public void EveryTestThatItNamesExists() => Assert.Empty(
        from line in Lines
        from word in line.Split([' ', ',', '|'], StringSplitOptions.RemoveEmptyEntries)
        where word.EndsWith("Tests", StringComparison.Ordinal) && word.Contains('/', StringComparison.Ordinal)
        where !File.Exists(Path.Combine(Repository.Root, "tests", word + ".cs"))
        select word);

    [Fact]
    public void NoIdIsUsedTwice() => Assert.Distinct(
        Lines.Where(static l => l.StartsWith("| ", StringComparison.Ordinal)).Select(static l => l.Split(' ')[1]).Where(static id => id.Length <= 4 && char.IsDigit(id[^1])));

    private static string ClassName(PropertyClass kind) => kind switch
    {
        PropertyClass.Safety => "SAFETY",
        PropertyClass.Contract => "CONTRACT",
        _ => "AS-MERGED",
    };
}
