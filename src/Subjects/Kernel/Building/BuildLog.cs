// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>The first thing that went wrong in what a compiler and a linker wrote.</summary>
public static partial class BuildLog
{
    private const int MaxCharacters = 400;

    /// <summary>"arch/x86/virt/vmx/tdx/tdx.c:12: error: ..", or the last line when nothing looks like an
    /// error.</summary>
    public static string FirstProblem(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = lines.FirstOrDefault(static l => Problem().IsMatch(l)) ?? lines.LastOrDefault()
            ?? "make failed without a word";
        var tree = first.IndexOf("/tree/", StringComparison.Ordinal);
        var text = (tree < 0 ? first : first[(tree + "/tree/".Length)..]).Trim();
        return text.Length > MaxCharacters ? text[..MaxCharacters] : text;
    }

    public static string Advice(string problem) => problem switch
    {
        _ when problem.Contains("No such file", StringComparison.Ordinal) =>
            "the tree lacks a header: name a complete tree",
        _ when problem.StartsWith("arch/", StringComparison.Ordinal)
            || problem.StartsWith("mm/", StringComparison.Ordinal)
            || problem.StartsWith("lib/", StringComparison.Ordinal)
            => "does the tree itself compile? if it does, native/kernel does not know this yet: report it with the "
                + "kernel's version",
        _ => "report it with the kernel's version",
    };

    [GeneratedRegex(@"error:|\*\*\* ")]
    private static partial Regex Problem();
}
