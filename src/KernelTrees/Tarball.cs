// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Unpacks what is needed of a kernel out of a tar file, which tar itself decompresses.</summary>
internal static class Tarball
{
    // A tarball has its files below one folder or none, with or without "./".
    private static readonly string[] Tops = ["", "*/", "./", "./*/"];

    /// <summary>Unpacks the needed paths that are there.</summary>
    /// <param name="file">Plain, or compressed in a way that tar recognises.</param>
    /// <param name="into">An empty folder.</param>
    /// <param name="content">What of it.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>The top of the tree.</returns>
    /// <exception cref="KernelTreeException">It is no tar file, or a damaged one.</exception>
    public static string Unpack(string file, string into, TreeContent content, CancellationToken token)
    {
        var patterns = from top in Tops from path in content.Paths select top + path;
        using var tar = ChildProcess.Start(
            "tar",
            ["--extract", "--file=" + file, "--force-local", "--no-same-owner", "--directory=" + into, "--anchored",
                "--wildcards", "--no-wildcards-match-slash", "--", .. patterns],
            token);
        tar.ReadOutput();
        var end = tar.End();
        var complaint = Array.Find(end.Errors.Split('\n'), static l => !IsAboutNames(l));
        if (end.ExitCode != 0 && complaint is not null)
        {
            throw new KernelTreeException(
                $"{UserFolders.Shorten(file)}: expected a tarball of kernel sources: {complaint}");
        }

        return Top(into);
    }

    /// <summary>tar fails when a pattern matches nothing; most of them never do.</summary>
    private static bool IsAboutNames(string line) =>
        line.Length == 0
        || line.EndsWith(": Not found in archive", StringComparison.Ordinal)
        || line == "tar: Exiting with failure status due to previous errors";

    private static string Top(string folder)
    {
        var entries = Directory.GetFileSystemEntries(folder);
        return entries.Length == 1 && Directory.Exists(entries[0]) ? entries[0] : folder;
    }
}
