// SPDX-License-Identifier: MIT

using TdxVerify.Reporting;

namespace TdxVerify.Tests.Quality;

/// <summary>SPECIFICATION.md says what the code says.</summary>
public sealed class SpecificationTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "SPECIFICATION.md"));

    /// <summary>Where each table of "list --markdown" stands.</summary>
    public static TheoryData<string, string> Tables => new()
    {
        { "SPECIFICATION.md", "properties" },
        { "SPECIFICATION.md", "known issues" },
        { "README.md", "counts" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void TablesAreWhatTheCodeSays(string file, string table) => Blessed.AssertIsBetween(
        Path.Combine(Repository.Root, file),
        $"<!-- list: {table} -->",
        string.Concat(CatalogMarkdown.Tables.Single(t => t.Name == table).Write().Select(static l => l + "\n")));

    [Fact]
    public void EveryTableHasItsPlace() =>
        Assert.Equal(CatalogMarkdown.Tables.Select(static t => t.Name), Tables.Select(static r => r.Data.Item2));

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
}
