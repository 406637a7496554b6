// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest;

/// <summary>What a kernel prints when something is wrong with itself.</summary>
public static class Splat
{
    private static readonly string[] Signs =
    [
        "WARNING: ", "BUG: ", "kernel BUG at", "Oops: ", "Kernel panic", "general protection fault", "Bad page state",
        "soft lockup", "hung_task", "Call Trace",
    ];

    /// <summary>The first line of one, or null.</summary>
    public static string? In(string console) => Lines(console).FirstOrDefault();

    /// <summary>Lines that start one. The command line may say such words itself.</summary>
    public static IEnumerable<string> Lines(string console) =>
        from line in console.Split('\n')
        where !line.Contains("ommand line:", StringComparison.Ordinal)
            && Array.Exists(Signs, s => line.Contains(s, StringComparison.Ordinal))
        select line.TrimEnd('\r');
}
