// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;

namespace TdxVerify.KernelTrees;

/// <summary>The version that a kernel's top Makefile gives itself, put together as its "make kernelversion"
/// does.</summary>
public static partial class KernelVersion
{
    /// <summary>The assignments stand at the very top; a longer search finds others' variables.</summary>
    private const int MaxLines = 40;

    private static readonly string[] Numbers = ["VERSION", "PATCHLEVEL", "SUBLEVEL"];

    /// <summary>"6.12.117", "6.13.0-rc1", or null when there is no Makefile or it says nothing.</summary>
    public static string? Of(string folder)
    {
        var makefile = Path.Combine(folder, "Makefile");
        return File.Exists(makefile) ? OfLines(File.ReadLines(makefile)) : null;
    }

    private static string? OfLines(IEnumerable<string> lines)
    {
        var parts = new Dictionary<string, string>();
        foreach (var line in lines.Take(MaxLines))
        {
            if (Assignment().Match(line) is { Success: true } found)
                parts.TryAdd(found.Groups[1].Value, found.Groups[2].Value);
        }

        var numbers = Numbers.Select(n => parts.GetValueOrDefault(n, "")).TakeWhile(static p => p.Length > 0);
        var version = string.Join('.', numbers);
        return version.Length > 0 ? version + parts.GetValueOrDefault("EXTRAVERSION") : null;
    }

    [GeneratedRegex(@"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)\s*:?=\s*(\S*)\s*$")]
    private static partial Regex Assignment();
}
