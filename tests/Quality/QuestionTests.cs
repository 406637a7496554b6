// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Core.Cases;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Designs;

namespace TdxVerify.Tests.Quality;

/// <summary>Every question of docs/questions.md has a scenario, and its answers are what happens.</summary>
public sealed class QuestionTests
{
    private const string Mark = "# answer ";

    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "samples", "questions");

    /// <summary>File, design, what is asked, the answer.</summary>
    public static TheoryData<string, string, string, string> Answers
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var file in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
            {
                foreach (var line in File.ReadAllLines(file).Where(static l => l.StartsWith(Mark, StringComparison.Ordinal)))
                {
                    var words = line[Mark.Length..].Split(' ', 2);
                    var answer = words[1].LastIndexOf(' ');
                    data.Add(Path.GetFileName(file), words[0], words[1][..answer], words[1][(answer + 1)..]);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void IsAnsweredAsItSays(string file, string design, string asked, string answer)
    {
        var scenario = LogReader.Read(Path.Combine(Folder, file)).Scenario;
        var policy = DesignCatalog.Find(design)!.Policy;
        if (policy.BuildsListDuringBoot && scenario.Steps.Remove(Step.Enable))
        {
            scenario.Steps.Insert(0, Step.Enable);
        }

        var judge = new CaseJudge(policy, policy.MergedChoices);
        judge.Run(scenario);
        if (asked.StartsWith("step ", StringComparison.Ordinal))
        {
            var result = judge.Facts.Trace.Steps[int.Parse(asked.AsSpan(5), CultureInfo.InvariantCulture) - 1].Result;
            Assert.Equal(answer, Errno.Name(result));
        }
        else
        {
            Assert.Equal(answer, judge.Judge(0, withMetamorphic: false).Any(v => v.Property == asked) ? "broken" : "holds");
        }
    }

    [Fact]
    public void EachIsInTheDocument()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "questions.md"));
        Assert.Empty(Directory.GetFiles(Folder).Select(static f => Path.GetFileName(f)!).Where(f => !text.Contains(f, StringComparison.Ordinal)));
    }
}
