// SPDX-License-Identifier: MIT

using TdxVerify.Search.Reports;

namespace TdxVerify.Reporting;

/// <summary>What happened in a case, step by step.</summary>
public static class StepsText
{
    private const string Indent = "    ";

    /// <summary>"step 2: offline 0x10000000 = 0", and what it changed.</summary>
    public static IEnumerable<ReportLine> Write(IReadOnlyList<StepReport> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var name = i == 0 || steps[i].Step == StepReport.End ? steps[i].Step : $"step {i}: {steps[i].Step}";
            yield return new ReportLine(
                steps[i].Result.Length == 0 ? name : $"{name} = {steps[i].Result}", Tone.Heading);
            foreach (var change in steps[i].Changes)
                yield return new ReportLine(Indent + change);
        }
    }

    /// <summary>The same steps under several policies: a result a line, with those that have it.</summary>
    public static IEnumerable<ReportLine> Compare(IReadOnlyList<(string Name, IReadOnlyList<StepReport> Steps)> all)
    {
        for (var i = 1; i < all.Max(static a => a.Steps.Count); i++)
        {
            var taken = all.Where(a => i < a.Steps.Count).ToList();
            yield return new ReportLine($"step {i}: {taken[0].Steps[i].Step}", Tone.Heading);
            foreach (var same in taken.GroupBy(a => a.Steps[i].Result))
            {
                var names = string.Join(", ", same.Select(static a => a.Name));
                yield return new ReportLine($"{Indent}{same.Key,-18} {names}");
            }
        }
    }
}
