// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Where packages of kernel sources come from: apt, or what a test puts in its place.</summary>
public interface IPackageArchive
{
    /// <summary>What it is in messages: "apt", or the name of a suite.</summary>
    string Name { get; }

    /// <summary>All linux-source packages that can be had as far as is known here, of any version. The network is not
    /// touched.</summary>
    /// <returns>Null when nothing is known: lists are missing, empty or too old, or there is no apt.</returns>
    /// <exception cref="KernelTreeException">It was asked not long ago, and has no such suite.</exception>
    IReadOnlyList<DebianSource>? Known(CancellationToken token);

    /// <summary>Fetches the lists of packages anew; from then on they are what is known.</summary>
    /// <exception cref="KernelTreeException">There is no apt, or the lists can't be had.</exception>
    IReadOnlyList<DebianSource> Refresh(CancellationToken token);

    /// <summary>Fetches a package.</summary>
    /// <returns>The .deb file in the folder.</returns>
    /// <exception cref="KernelTreeException">It can't be had.</exception>
    string Download(DebianSource source, string folder, CancellationToken token);

    /// <summary>Fetches the package with the kernel that was built of a source, the flavour for clouds.</summary>
    /// <returns>The .deb file in the folder.</returns>
    /// <exception cref="KernelTreeException">It can't be had.</exception>
    string DownloadImage(DebianSource source, string folder, CancellationToken token);
}
