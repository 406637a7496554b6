// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Operators;
using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation;

/// <summary>Makes every mutant of functions.</summary>
public static class MutantMaker
{
    /// <summary>Mutants in the order of functions and rules; no two leave the same source.</summary>
    public static IReadOnlyList<Mutant> Make(IEnumerable<CFunction> functions) =>
        [.. functions.SelectMany(static f => Of(f))];

    private static IEnumerable<Mutant> Of(CFunction function)
    {
        var seen = new HashSet<SourceEdit>();
        var alike = new Dictionary<(string, string), int>();
        foreach (var rule in MutationOperators.All)
        {
            var number = 0;
            foreach (var edit in rule.Apply(function))
            {
                number++;
                if (!seen.Add(Normal(function.File.Text, edit)))
                    continue;

                var (line, before, after) = function.File.LinesAround(edit);
                var nth = alike[(before, after)] = alike.GetValueOrDefault((before, after)) + 1;
                yield return new Mutant(
                    string.Create(CultureInfo.InvariantCulture, $"{function.Name}/{rule.Name}/{number}"),
                    edit, function.Name, rule.Name, line, before, after)
                {
                    Nth = nth,
                    Strategy = function.Strategy,
                };
            }
        }
    }

    /// <summary>The shortest edit that leaves the same source, so that equals are equal.</summary>
    private static SourceEdit Normal(string source, SourceEdit edit)
    {
        var (start, length, text) = (edit.Start, edit.Length, edit.Text);
        while (length > 0 && text.Length > 0 && source[start] == text[0])
            (start, length, text) = (start + 1, length - 1, text[1..]);

        while (length > 0 && text.Length > 0 && source[start + length - 1] == text[^1])
            (length, text) = (length - 1, text[..^1]);

        return new SourceEdit(edit.File, start, length, text);
    }
}
