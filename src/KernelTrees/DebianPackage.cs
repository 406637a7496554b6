// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Takes the tarball of kernel sources out of a linux-source package.</summary>
internal static class DebianPackage
{
    // deb(5): an ar archive whose first member is named so.
    private static readonly byte[] Start = "!<arch>\ndebian-binary"u8.ToArray();

    public static bool IsOne(string file)
    {
        using var content = File.OpenRead(file);
        var start = new byte[Start.Length];
        return content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.AsSpan().SequenceEqual(Start);
    }

    /// <summary>Unpacks the tarball, still packed itself.</summary>
    /// <param name="package">The .deb file.</param>
    /// <param name="into">An empty folder.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="KernelTreeException">The package is damaged, or has no such tarball.</exception>
    public static string Tarball(string package, string into, CancellationToken token)
    {
        using var deb = ChildProcess.Start("dpkg-deb", ["--fsys-tarfile", package], token);
        using var tar =
            ChildProcess.Start(
                "tar", ["--extract", "--file=-", "--no-same-owner", "--directory=" + into, "--wildcards",
                    "./usr/src/linux-source-*.tar.*"], token);
        ChildPipe.Run(deb, tar);

        // Some have it in a folder of its own, and a link to it.
        return Directory.GetFiles(into, "linux-source-*.tar.*", SearchOption.AllDirectories)
            .FirstOrDefault(static f => new FileInfo(f).LinkTarget is null)
            ?? throw new KernelTreeException(
                $"{Path.GetFileName(package)}: expected usr/src/linux-source-*.tar.* in it, but there is none");
    }
}
