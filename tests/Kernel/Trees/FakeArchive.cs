// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Kernel.Trees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>An archive without a network: its packages are small, but made by dpkg-deb.</summary>
internal sealed class FakeArchive(Workplace place) : IPackageArchive
{
    /// <summary>Keys of what the lists name.</summary>
    public List<string> Lists { get; set; } = [];

    /// <summary>Keys of what lists would name that are fetched now; null is no network.</summary>
    public List<string>? Online { get; set; }

    /// <summary>What was asked of the network.</summary>
    public List<string> Asked { get; } = [];

    public IReadOnlyList<DebianSource> Known(CancellationToken token) => [.. Lists.Select(static k => DebianSource.FromKey(k)!)];

    public IReadOnlyList<DebianSource> Refresh(CancellationToken token)
    {
        Asked.Add("lists");
        Lists = Online ?? throw new KernelTreeException("no network");
        return Known(token);
    }

    public string Download(DebianSource source, string folder, CancellationToken token)
    {
        Asked.Add(source.Key);
        if (Online?.Contains(source.Key) != true)
        {
            throw new KernelTreeException($"no {source.Key} any more");
        }

        place.MakeTree("build/" + source.Package);
        place.Write("package", "DEBIAN/control", $"Package: {source.Package}\nVersion: {source.Version}\nArchitecture: all\nMaintainer: Test <test@localhost>\nDescription: test\n");
        place.Write("package", "usr/share/doc/copyright", "text\n");
        Directory.CreateDirectory(place.At("package/usr/src"));
        place.Run("tar", "--create", "--gzip", $"--file=package/usr/src/{source.Package}.tar.gz", "--directory=build", source.Package);
        place.Run("dpkg-deb", "--build", "package", Path.Combine(folder, source.Key + "_all.deb"));
        Directory.Delete(place.At("package"), recursive: true);
        return Path.Combine(folder, source.Key + "_all.deb");
    }
}
