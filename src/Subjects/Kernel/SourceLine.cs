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
                        ["-f", "-e", library, string.Create(CultureInfo.InvariantCulture, $"0x{offset:x}")])
                    {
                        RedirectStandardOutput = true,
                        RedirectStandardError = true,
                    });
            var lines = process!.StandardOutput.ReadToEnd().Split('\n');
            process.WaitForExit();
            var tree = lines.Length > 1 ? lines[1].IndexOf("tree/", StringComparison.Ordinal) : -1;
            return lines.Length > 1
                && lines[0] != "??"
                    ? $"in {lines[0]}() at {(tree < 0 ? lines[1] : lines[1][(tree + "tree/".Length)..])}"
                    : unknown;
        }
        catch (Win32Exception)
        {
            return unknown;
        }
    }
}
