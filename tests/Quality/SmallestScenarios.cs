// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios;
using TdxVerify.Search;

namespace TdxVerify.Tests.Quality;

/// <summary>
/// Scenarios that a person would write for a planted fault, whole, in files of the folder Smallest: the first lines
/// tell what happens, the scenario names the mutant and the property.
/// </summary>
internal static class SmallestScenarios
{
    private const int Seeds = 100;
    private const int Needed = 95;
    private const ulong Cases = 20_000;

    private static readonly string Root = Path.Combine(Repository.Root, "tests", "Quality", "Smallest");

    /// <summary>The files of a folder.</summary>
    public static TheoryData<string> In(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder)).Select(f => Path.GetRelativePath(Root, f)).Order()];

    /// <summary>What is found shrinks to the scenario of the file, whole, for nearly every seed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxEvaluations">How many scenarios may be tried for each.</param>
    /// <param name="strategy">Which machines are searched; null: those that the mutant names.</param>
    public static void AssertReached(string file, int maxEvaluations, Strategy? strategy = null)
    {
        var path = Path.Combine(Root, file);
        var lines = File.ReadLines(path).Where(static l => !l.StartsWith('#'));
        var expected = string.Concat(lines.Select(static l => l + "\n"));
        var named = LogReader.Read(path).Scenario;
        var others = new List<string>();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var options = Searches.Options(named.Profile, Cases, seed, named.Property!);
            options = options with { Strategy = strategy ?? options.Strategy };
            var found = Searches.Run(options).Violations.FirstOrDefault(static f => f.KnownIssue is null);
            Assert.True(found.Property is not null, $"{file}: nothing is broken with seed {seed}");
            var finding = new FindingShrinker(options).Shrink(found);
            Assert.InRange(finding.Evaluations, 1, maxEvaluations);
            if (ScenarioWriter.Write(finding.Scenario) is var text && text != expected)
            {
                others.Add($"seed {seed}:\n{text}");
            }
        }

        Assert.True(others.Count <= Seeds - Needed, $"expected:\n{expected}{string.Concat(others)}");
    }
}
