// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests;

/// <summary>Files that hold what is expected, whole. TDXVERIFY_BLESS=1 rewrites them, and a review reads them.</summary>
internal static class Blessed
{
    private static readonly bool Rewrites = Environment.GetEnvironmentVariable("TDXVERIFY_BLESS") == "1";

    /// <summary>A file is this text.</summary>
    public static void AssertIs(string path, string text)
    {
        if (Rewrites)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} is not there; TDXVERIFY_BLESS=1 writes it");
        Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>What stands between a line and the next "end" mark of a file is this text.</summary>
    /// <param name="mark">The line: "&lt;!-- list: properties --&gt;".</param>
    public static void AssertIsBetween(string path, string mark, string text)
    {
        const string End = "<!-- end -->";
        var whole = File.ReadAllText(path);
        var start = whole.IndexOf(mark + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{path} has no line {mark}");
        start += mark.Length + 1;
        var end = whole.IndexOf(End, start, StringComparison.Ordinal);
        AssertIs(path, string.Concat(whole.AsSpan(0, start), text, whole.AsSpan(end)));
    }
}
