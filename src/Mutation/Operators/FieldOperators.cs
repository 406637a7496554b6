// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>Rules about the fields of the structs that describe memory.</summary>
internal static class FieldOperators
{
    // Fields of one struct that hold the same kind of number; a field becomes those beside it.
    private static readonly string[][] Structs =
    [
        ["start_pfn", "end_pfn", "nr_pages", "nid"],
        ["base", "size", "flags"],
        ["pamt_4k_base", "pamt_2m_base", "pamt_1g_base"],
        ["pamt_4k_size", "pamt_2m_size", "pamt_1g_size"],
        ["pamt_4k_entry_size", "pamt_2m_entry_size", "pamt_1g_entry_size"],
        ["offset", "size"],
        ["max_tdmrs", "nr_consumed_tdmrs", "tdmr_sz"],
        ["max_tdmrs", "max_reserved_per_tdmr"],
        ["rcx", "rdx", "r8"],
        ["cnt", "max", "total_size"],
    ];

    public static IEnumerable<SourceEdit> Other(CFunction function)
    {
        foreach (var i in Places.Tokens(function))
        {
            if (function.Tokens[i].Text is not ("->" or "."))
                continue;

            var field = function.Tokens[i + 1].Text;
            var others = Structs.Where(s => s.Contains(field)).SelectMany(s => Beside(s, field)).Distinct();
            foreach (var other in others)
                yield return function.File.Replace(i + 1, i + 2, other);
        }
    }

    private static IEnumerable<string> Beside(string[] fields, string field)
    {
        var at = Array.IndexOf(fields, field);
        return new[] { at - 1, at + 1 }.Where(i => i >= 0 && i < fields.Length).Select(i => fields[i]);
    }
}
