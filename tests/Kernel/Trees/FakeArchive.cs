// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>An archive without a network: its packages are small, but made by dpkg-deb.</summary>
internal sealed class FakeArchive(Workplace place) : IPackageArchive
{
    public string Name { get; init; } = "apt";

    /// <summary>Keys of what the lists name; null is no lists, or none that are young enough.</summary>
    public List<string>? Lists { get; set; }

    /// <summary>Keys of what lists would name that are fetched now; null is no network.</summary>
    public List<string>? Online { get; set; }

    /// <summary>True of an archive that has no suite of this name.</summary>
    public bool HasNoSuite { get; init; }

    /// <summary>What was asked of the network.</summary>
    public List<string> Asked { get; } = [];

    public IReadOnlyList<DebianSource>? Known(CancellationToken token) =>
        HasNoSuite && Asked.Count > 0 ? throw NoSuite() : Lists?.Select(static k => DebianSource.FromKey(k)!).ToArray();

    public IReadOnlyList<DebianSource> Refresh(CancellationToken token)
    {
        Asked.Add("lists");
        Lists = HasNoSuite ? throw NoSuite() : Online ?? throw new KernelTreeException("no network");
        return Known(token)!;
    }

    public string Download(DebianSource source, string folder, CancellationToken token)
    {
        Asked.Add(source.Key);
        if (Online?.Contains(source.Key) != true)
        {
            throw new KernelTreeException($"no {source.Key} any more");
        }

        return place.MakePackage(source, folder);
    }

    private static KernelTreeException NoSuite() => new("no such suite") { IsSuiteMissing = true };

    public string DownloadImage(DebianSource source, string folder, CancellationToken token) =>
        throw new KernelTreeException("no images here");
}
