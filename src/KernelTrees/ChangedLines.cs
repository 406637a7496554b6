// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;

namespace TdxVerify.KernelTrees;

/// <summary>Lines of a file that are not as a git revision has them.</summary>
public static partial class ChangedLines
{
    /// <summary>The changed lines, from 1, of a file in a tree.</summary>
    /// <param name="name">DIR or DIR@REV, as <see cref="TreeFinder"/> takes it.</param>
    /// <param name="since">The revision that it is compared with.</param>
    /// <param name="file">From the top of the tree.</param>
    /// <exception cref="KernelTreeException">It is no git repository, or has no such revision.</exception>
    public static IReadOnlySet<int> Since(string name, string since, string file, CancellationToken token)
    {
        if (since.StartsWith('-'))
            throw new KernelTreeException($"expected a git revision, got '{since}'");

        var (folder, revision) = Split(name);
        var shown = UserFolders.Shorten(folder);
        string[] revisions = revision is null ? [since] : [since, revision];
        using var git = ChildProcess.Start(
            "git", ["-C", folder, "diff", "--unified=0", "--no-ext-diff", "--no-color", .. revisions, "--", file],
            token);
        var diff = git.ReadOutput();
        var end = git.End();
        return end.ExitCode == 0
            ? Read(diff)
            : throw new KernelTreeException($"{shown}: can't compare it with '{since}': {end.Complaint}");
    }

    /// <summary>The lines that a diff without context adds or changes.</summary>
    internal static IReadOnlySet<int> Read(string diff)
    {
        var lines = new HashSet<int>();
        foreach (Match hunk in Hunk().Matches(diff))
        {
            var first = int.Parse(hunk.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var count = hunk.Groups[2].Success
                ? int.Parse(hunk.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
                : 1;
            // Where lines were only taken out, those around the gap are what a reviewer looks at.
            lines.UnionWith(count == 0 ? [first, first + 1] : Enumerable.Range(first, count));
        }

        return lines;
    }

    private static (string Folder, string? Revision) Split(string name)
    {
        var path = UserFolders.Expand(name);
        if (Directory.Exists(path))
            return (path, null);

        var at = name.LastIndexOf('@');
        return at > 0 && Directory.Exists(UserFolders.Expand(name[..at]))
            ? (UserFolders.Expand(name[..at]), name[(at + 1)..])
            : throw new KernelTreeException($"{name}: expected a git repository, or DIR@REV of one, beside --since");
    }

    [GeneratedRegex(@"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", RegexOptions.Multiline)]
    private static partial Regex Hunk();
}
