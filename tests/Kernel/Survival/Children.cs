// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Tests.Kernel.Survival;

/// <summary>Child processes as /proc shows them.</summary>
internal static class Children
{
    /// <summary>Workers of a process that live, zombies not among them.</summary>
    public static IReadOnlyList<int> Workers(int parent) =>
        [.. Of(parent).Where(static c => c.State != 'Z' && CommandLine(c.Id).EndsWith("\0worker\0", StringComparison.Ordinal)).Select(static c => c.Id)];

    /// <summary>Children of a process, with their states.</summary>
    public static IReadOnlyList<(int Id, char State)> Of(int parent)
    {
        var children = new List<(int, char)>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat && stat.Parent == parent)
            {
                children.Add((id, stat.State));
            }
        }

        return children;
    }

    private static (char State, int Parent)? Stat(int id)
    {
        try
        {
            // The name may hold anything, brackets too.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var words = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (words[0][0], int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
