// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TdxVerify.Mutation;

/// <summary>A mutant as a patch for `patch -p1`, so that other tests can be measured with the same faults.</summary>
public static class PatchText
{
    private const int Context = 3;

    /// <summary>A unified diff of one hunk.</summary>
    /// <param name="source">The file that the mutant changes, as it stands.</param>
    public static string Of(Mutant mutant, string source)
    {
        var edit = mutant.Edit;
        var lines = source.Split('\n');
        var first = source.AsSpan(0, edit.Start).Count('\n');
        var last = first + source.AsSpan(edit.Start, edit.Length).Count('\n');
        var top = Math.Max(first - Context, 0);
        var bottom = Math.Min(last + Context, lines.Length - 2);
        var changed = edit.ApplyTo(source).Split('\n');
        var grown = changed.Length - lines.Length;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{mutant.Name}\n\n--- a/{edit.File}\n+++ b/{edit.File}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"@@ -{top + 1},{bottom - top + 1} +{top + 1},{bottom - top + 1 + grown} @@\n");
        Append(text, ' ', lines.AsSpan()[top..first]);
        Append(text, '-', lines.AsSpan()[first..(last + 1)]);
        Append(text, '+', changed.AsSpan()[first..(last + 1 + grown)]);
        Append(text, ' ', lines.AsSpan()[(last + 1)..(bottom + 1)]);
        return text.ToString();
    }

    /// <summary>The file of a mutant's patch: its name has slashes.</summary>
    public static string FileOf(Mutant mutant) => mutant.Name.Replace('/', '.') + ".patch";

    private static void Append(StringBuilder text, char mark, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
            text.Append(mark).Append(line).Append('\n');
    }
}
