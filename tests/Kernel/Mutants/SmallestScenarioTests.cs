// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>
/// Same mutant, same smallest scenario, whatever the seed: the one that a person would write, whole, in files of the folder Smallest. Their
/// first lines tell what happens.
/// </summary>
public sealed class SmallestScenarioTests
{
    private const int MaxOthersOfHundred = 5;
    private const int MaxEvaluations = 1000;
    private const ulong Cases = 20_000;
    private const string Mark = "# mutant ";

    // Shrinking is the same whatever kernel it asks: on others, a sample is enough.
    private static readonly ulong Seeds = KernelSource.Release == new Version(6, 12) ? 40UL : 10;

    private static readonly string Root = Path.Combine(Repository.Root, "tests", "Kernel", "Smallest");

    /// <summary>Files whose mutant the release has.</summary>
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Root, "*.scn").Where(IsAboutRelease).Select(static f => Path.GetFileName(f)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void TheSmallestScenarioIsReached(string file)
    {
        var path = Path.Combine(Root, file);
        var expected = string.Concat(File.ReadLines(path).Where(static l => !l.StartsWith('#')).Select(static l => l + "\n"));
        var property = LogReader.Read(path).Scenario.Property!;
        var (mutant, strategy) = MutantOf(path);
        var built = Edits.BuildMutant(mutant);
        var others = new List<string>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var plan = KernelSearch.Options(built, Cases, property) with
            {
                Seed = seed,
                Worker = null,
                Strategy = strategy,
            };
            var found = KernelSearch.Run(plan).Violations.FirstOrDefault(static v => v.KnownIssue is null);
            Assert.True(found.Property is not null, $"{file}: nothing is violated with seed {seed}");
            var finding = new FindingShrinker(plan).Shrink(found);
            Assert.InRange(finding.Evaluations, 1, MaxEvaluations);
            if (ScenarioWriter.Write(finding.Scenario) is var text && text != expected)
            {
                others.Add($"seed {seed}:\n{text}");
            }
        }

        Assert.True((ulong)others.Count * 100 <= MaxOthersOfHundred * Seeds, $"expected:\n{expected}{string.Concat(others)}");
    }

    /// <summary>Beside a limit that is too small, shrinking passes machines that have too many holes anyway.</summary>
    [Fact]
    public void AKnownIssueIsNotSlidOnto()
    {
        var plan = KernelSearch.Options(Edits.BuildMutant("areas-one-less"), 20_000, "A1") with { Worker = null, Seed = 20 };
        var found = KernelSearch.Run(plan).Violations.First(static v => v.KnownIssue is null);
        var judge = CampaignParts.Judge(plan);
        judge.Run(new FindingShrinker(plan).Shrink(found).Scenario);
        Assert.Null(Assert.Single(judge.Judge(0, withMetamorphic: false)).KnownIssue);
        Assert.Equal(16, judge.Facts.Demand.MaxAreas);
    }

    private static bool IsAboutRelease(string path)
    {
        var words = Words(path);
        var isBefore = words.Length < 4 || KernelSource.Release < Version.Parse(words[3]);
        return isBefore && Mutation.Table.MutantTable.Of(KernelSource.Release).Any(r => r.Name == words[0]);
    }

    private static (string Name, Strategy Strategy) MutantOf(string path) =>
        (Words(path)[0], Enum.Parse<Strategy>(Words(path)[1], ignoreCase: true));

    /// <summary>The line "# mutant NAME STRATEGY [before RELEASE]": from that release on, there are two smallest ones.</summary>
    private static string[] Words(string path) =>
        File.ReadLines(path).First(static l => l.StartsWith(Mark, StringComparison.Ordinal))[Mark.Length..].Split(' ');
}
