// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>The sources that the system's apt is configured with; they are read and never changed.</summary>
internal static class SystemSources
{
    /// <summary>All entries: of the main file first, then of its folder by name, as apt reads them.</summary>
    public static IReadOnlyList<SourcesEntry> Read(string list, string folder)
    {
        var others = Directory.Exists(folder)
            ? Directory.GetFiles(folder).Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        return [.. others.Prepend(list).SelectMany(ReadFile)];
    }

    private static IReadOnlyList<SourcesEntry> ReadFile(string file)
    {
        try
        {
            return Path.GetExtension(file) switch
            {
                ".list" => SourcesText.ReadList(File.ReadAllText(file)),
                ".sources" => SourcesText.ReadStanzas(File.ReadAllText(file)),
                _ => [],
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Not there, or closed to this user, as one with a password may be.
            return [];
        }
    }
}
