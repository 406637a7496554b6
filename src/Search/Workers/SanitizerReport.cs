// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>What a sanitizer, or the C library, wrote before a process died.</summary>
internal static class SanitizerReport
{
    private const int MaxCharacters = 300;

    /// <summary>The line that says what, with the first place of the kernel's own files; empty: nothing of the
    /// kind.</summary>
    public static string Summary(string errors)
    {
        var lines = errors.Split('\n');
        var what = lines.FirstOrDefault(static l => l.Contains("ERROR: AddressSanitizer", StringComparison.Ordinal)
            || l.Contains("runtime error:", StringComparison.Ordinal)
            || l.Contains("WARNING: ThreadSanitizer", StringComparison.Ordinal));
        if (what is null)
            return "";

        var where =
            lines.FirstOrDefault(
                static l => l.TrimStart().StartsWith('#') && l.Contains("tree/", StringComparison.Ordinal));
        var text = where is null ? Plain(what) : $"{Plain(what)} {Place(where)}";
        return text.Length > MaxCharacters ? text[..MaxCharacters] : text;
    }

    /// <summary>Without process numbers and addresses, which are others every time.</summary>
    private static string Plain(string what)
    {
        var start =
            Math.Max(
                what.IndexOf("AddressSanitizer", StringComparison.Ordinal),
                Math.Max(
                    what.IndexOf("runtime error", StringComparison.Ordinal),
                    what.IndexOf("ThreadSanitizer", StringComparison.Ordinal)));
        var end = what.IndexOf(" on address", StringComparison.Ordinal);
        return end > start ? what[start..end] : what[start..].Trim();
    }

    /// <summary>"in is_tdx_memory arch/x86/virt/vmx/tdx/tdx.c:1385".</summary>
    private static string Place(string frame)
    {
        var function = frame.IndexOf(" in ", StringComparison.Ordinal);
        var tree = frame.IndexOf("tree/", StringComparison.Ordinal);
        var end = function < 0 ? -1 : frame.IndexOf(' ', function + 4);
        return function < 0
            || end < 0
                ? frame.Trim()
                : $"in {frame[(function + 4)..end]}() at {frame[(tree + "tree/".Length)..].Trim()}";
    }
}
