// SPDX-License-Identifier: MIT

namespace TdxVerify.Reporting;

/// <summary>What the numbers of a verdict count, where a property counts something.</summary>
internal static class CountedThing
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["S2"] = "calls",
        ["S3"] = "calls on a CPU",
        ["S4"] = "calls in a package",
        ["S6"] = "(KeyID)",
        ["S7"] = "flushes",
        ["S11"] = "packages with a key",
        ["S15"] = "calls",
        ["S19"] = "calls",
        ["S23"] = "calls",
        ["T6"] = "TDMRs or reserved areas",
        ["T7"] = "TDMRs or reserved areas",
        ["T8"] = "changes",
        ["T9"] = "TDMRs",
        ["T24"] = "(node)",
        ["T25"] = "PAMTs",
        ["T26"] = "changes",
        ["L4"] = "pages",
        ["L7"] = "(node)",
        ["L8"] = "entries",
        ["L9"] = "changes",
        ["M3"] = "bytes",
        ["M6"] = "(node or flags)",
        ["M8"] = "bytes",
        ["M9"] = "bytes",
        ["M16"] = "bytes",
        ["B2"] = "(node)",
        ["H22"] = "pages",
        ["G5"] = "(KeyID)",
        ["G10"] = "(KeyID)",
        ["B4"] = "TDMRs",
        ["O2"] = "flushes",
        ["O4"] = "calls",
        ["V1"] = "changes",
        ["K9"] = "times",
        ["U1"] = "allocations left",
        ["U2"] = "frees of what is free",
        ["U3"] = "reads of freed memory",
        ["U5"] = "flushes",
        ["U9"] = "calls and allocations",
        ["U12"] = "lines",
        ["U14"] = "locks",
        ["U15"] = "allocations",
        ["U16"] = "allocations of that number",
        ["U22"] = "actions",
        ["P2"] = "lines",
        ["P3"] = "lines",
        ["P4"] = "lines",
        ["P5"] = "lines",
        ["P7"] = "lines",
        ["P8"] = "lines",
        ["P9"] = "lines",
        ["K3"] = "WARNs",
        ["K6"] = "times",
        ["K7"] = "times",
        ["K8"] = "times",
    };

    /// <summary>" reads of freed memory", " read of freed memory" of one, or nothing where the sentence says
    /// it.</summary>
    public static string Of(string id, ulong count) =>
        !Names.TryGetValue(id, out var name) ? "" : " " + (count == 1 ? Singular(name) : name);

    /// <summary>The first word is what is counted.</summary>
    private static string Singular(string name)
    {
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        var word = space < 0 ? name : name[..space];
        var isMixed = name.Contains(" or ", StringComparison.Ordinal)
            || name.Contains(" and ", StringComparison.Ordinal);
        return isMixed ? name
            : word.EndsWith("shes", StringComparison.Ordinal) ? word[..^2] + name[word.Length..]
            : word.EndsWith('s') ? word[..^1] + name[word.Length..]
            : name;
    }
}
