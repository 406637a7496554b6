// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Kernel.Trees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>What is fetched, when, and what has to do instead.</summary>
public sealed class DebianTreesTests : IDisposable
{
    private const string Old = "linux-source-6.12_6.12.115-2~deb12u1";
    private const string New = "linux-source-6.12_6.12.117-1~deb12u1";

    private readonly Workplace _place = new();
    private readonly FakeArchive _archive;

    public DebianTreesTests()
    {
        Assert.SkipUnless(_place.Has("dpkg-deb"), "no dpkg-deb on this machine");
        _archive = new FakeArchive(_place) { Lists = [New], Online = [New] };
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void TheNewestIsFetchedAndOnlyOnce()
    {
        _archive.Lists = _archive.Online = ["linux-source-6.9_6.9.12-1", New, "linux-source-6.1_6.1.192-2"];
        var tree = Open();
        Assert.Equal(Path.Combine(_place.Cache, "debian", New), tree.Folder);
        Assert.Equal("linux-source-6.12 6.12.117-1~deb12u1", tree.Name);
        Assert.Equal("6.12.117", tree.Version);
        Assert.True(File.Exists(Path.Combine(tree.Folder, "arch/x86/include/asm/tdx.h")));
        Assert.False(File.Exists(Path.Combine(tree.Folder, "mm/slub.c")));
        Assert.Equal(["fetching linux-source-6.12 6.12.117-1~deb12u1 ...", "unpacking linux-source-6.12 ..."], _place.Told);
        Assert.Equal([".lock", New], _place.Cached("debian"));

        Assert.Equal(tree, Open());
        Assert.Equal([New], _archive.Asked);
    }

    [Fact]
    public void ANewerVersionIsFetchedBesideTheOlder()
    {
        _archive.Lists = _archive.Online = [Old];
        Open();
        _archive.Lists = _archive.Online = [New];
        Assert.EndsWith(New, Open().Folder);
        Assert.Equal([".lock", Old, New], _place.Cached("debian"));
    }

    [Fact]
    public void EmptyListsAreFetched()
    {
        _archive.Lists = [];
        Assert.EndsWith(New, Open().Folder);
        Assert.Equal(["lists", New], _archive.Asked);
        Assert.Equal("fetching lists of packages ...", _place.Told[0]);
    }

    [Fact]
    public void ListsThatNameWhatIsGoneAreFetchedAnew()
    {
        _archive.Lists = [Old];
        Assert.EndsWith(New, Open().Folder);
        Assert.Equal([Old, "lists", New], _archive.Asked);
    }

    [Fact]
    public void WhatIsAtHandDoesWhenAptNamesNothing()
    {
        Open();
        _archive.Lists = [];
        _archive.Asked.Clear();
        Assert.EndsWith(New, Open().Folder);
        Assert.Equal("apt names no linux-source of 6.8 or newer: using linux-source-6.12 6.12.117-1~deb12u1, which was fetched before", _place.Told[^1]);
        Assert.Empty(_archive.Asked);
    }

    [Fact]
    public void WhatIsAtHandDoesWithoutANetwork()
    {
        _archive.Lists = _archive.Online = [Old];
        Open();
        _archive.Lists = [New];
        _archive.Online = null;
        Assert.EndsWith(Old, Open().Folder);
        Assert.Equal("no network: using linux-source-6.12 6.12.115-2~deb12u1, which was fetched before", _place.Told[^1]);
    }

    [Fact]
    public void WithNothingAtHandItIsRefused()
    {
        _archive.Online = null;
        _archive.Lists = [];
        Assert.Equal("debian: no network; else use --kernel DIR or a tarball", Refusal());
        _archive.Online = [];
        Assert.Equal("debian: expected apt to name a linux-source package, but it names none; else use --kernel DIR or a tarball", Refusal());
        _archive.Lists = ["linux-source-6.1_6.1.192-2"];
        Assert.Equal("debian: expected a linux-source package of 6.8 or newer, but apt names only linux-source-6.1: add backports to its sources; else use --kernel DIR or a tarball", Refusal());
        _archive.Lists = _archive.Online = [New];
        _archive.Online = [];
        Assert.Equal("debian: no linux-source-6.12_6.12.117-1~deb12u1 any more; else use --kernel DIR or a tarball", Refusal());
        Assert.Equal([".lock"], _place.Cached("debian"));
    }

    [Fact]
    public async Task TwoAtOnceFetchItOnce()
    {
        var second = new DebianTrees(new TreeCache(_place.Cache), _archive, static _ => { });
        var trees = await Task.WhenAll(Task.Run(Open), Task.Run(() => second.Open(CancellationToken.None)));
        Assert.Equal(trees[0], trees[1]);
        Assert.Equal([New], _archive.Asked);
    }

    private KernelTree Open() => new DebianTrees(new TreeCache(_place.Cache), _archive, _place.Told.Add).Open(CancellationToken.None);

    private string Refusal() => Assert.Throws<KernelTreeException>(Open).Message;
}
