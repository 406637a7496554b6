// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace TdxVerify.Subjects.Kernel;

/// <summary>Where in the source an instruction of a library comes from.</summary>
internal static class SourceLine
{
    private static readonly ConcurrentDictionary<(string Library, ulong Offset), string> Found = new();

    /// <summary>"in fill_out_tdmrs() at arch/x86/virt/vmx/tdx/tdx.c:441", or the offset when addr2line can't
    /// tell.</summary>
    public static string Find(string library, ulong offset) =>
        Found.GetOrAdd((library, offset), static at => Ask(at.Library, at.Offset));

    /// <summary>Functions and lines by turns, inlined ones first: the first that is in a C file of the tree, else in a
    /// header of it.</summary>
    private static string Frame(string[] lines)
    {
        const string Tree = "tree/";
        string? header = null;
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            if (lines[i + 1].IndexOf(Tree, StringComparison.Ordinal) is not (var at and >= 0))
                continue;

            var frame = $"in {lines[i]}() at {lines[i + 1][(at + Tree.Length)..]}";
            if (frame.Contains(".c:", StringComparison.Ordinal))
                return frame;

            header ??= frame;
        }

        return header ?? $"in {lines[0]}() at {lines[1]}";
    }

    private static string Ask(string library, ulong offset)
    {
        var unknown =
            string.Create(CultureInfo.InvariantCulture, $"at offset 0x{offset:x} of {Path.GetFileName(library)}");
        try
        {
            using var process =
                Process.Start(
                    new ProcessStartInfo(
                        "addr2line",
                        ["-f", "-i", "-e", library, string.Create(CultureInfo.InvariantCulture, $"0x{offset:x}")])
                    {
                        RedirectStandardOutput = true,
                        RedirectStandardError = true,
                    });
            var lines = process!.StandardOutput.ReadToEnd().Split('\n');
            process.WaitForExit();
            return lines.Length > 1 && lines[0] != "??" ? Frame(lines) : unknown;
        }
        catch (Win32Exception)
        {
            return unknown;
        }
    }
}
