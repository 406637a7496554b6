// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>What is fetched, when, and what has to do instead.</summary>
public sealed class DebianTreesTests : IDisposable
{
    private const string Old = "linux-source-6.12_6.12.115-2~deb12u1";
    private const string Newer = "linux-source-7.3_7.3.4-1";
    private const string New = "linux-source-6.12_6.12.117-1~deb12u1";

    private readonly Workplace _place = new();
    private FakeArchive _archive;
    private List<IPackageArchive> _archives;

    public DebianTreesTests()
    {
        Assert.SkipUnless(_place.Has("dpkg-deb"), "no dpkg-deb on this machine");
        _archive = new FakeArchive(_place) { Lists = [New], Online = [New] };
        _archives = [_archive];
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
        Assert.Equal([".lock", ".of-apt-itself", New], _place.Cached("debian"));

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
        Assert.Equal([".lock", ".of-apt-itself", Old, New], _place.Cached("debian"));
    }

    [Fact]
    public void EmptyListsAreFetched()
    {
        _archive.Lists = null;
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
        _archive.Lists = null;
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
        _archive.Lists = null;
        Assert.Equal("debian: no network; else use --kernel DIR or a tarball", Refusal());
        _archive.Online = [];
        Assert.Equal("debian: expected apt to name a linux-source package, but it names none; else use --kernel DIR or a tarball", Refusal());
        _archive.Lists = ["linux-source-6.1_6.1.192-2"];
        Assert.Equal("debian: expected a linux-source package of 6.8 or newer, but apt names only linux-source-6.1: name a suite, as debian:trixie-backports; else use --kernel DIR or a tarball", Refusal());
        _archive.Lists = _archive.Online = [New];
        _archive.Online = [];
        Assert.Equal("debian: no linux-source-6.12_6.12.117-1~deb12u1 any more; else use --kernel DIR or a tarball", Refusal());
        Assert.Equal([".lock"], _place.Cached("debian"));
    }

    [Fact]
    public async Task TwoAtOnceFetchItOnce()
    {
        var second = new DebianTrees(new TreeCache(_place.Cache), TreeContent.MemoryPath, _ => _archives, static _ => { });
        var trees = await Task.WhenAll(Task.Run(() => Open()), Task.Run(() => second.Open(DebianChoice.Read("debian")!, CancellationToken.None)));
        Assert.Equal(trees[0], trees[1]);
        Assert.Equal([New], _archive.Asked);
    }

    [Fact]
    public void ASuiteIsAskedForItsOwnListsOnce()
    {
        Asks(Suite("sid", Newer));
        var tree = Open("debian:sid");
        Assert.Equal("linux-source-7.3 7.3.4-1", tree.Name);
        Assert.Equal(["fetching the list of packages of sid ...", "fetching linux-source-7.3 7.3.4-1 ...", "unpacking linux-source-7.3 ..."], _place.Told);
        Assert.Equal(tree, Open("debian:sid"));
        Assert.Equal(["lists", Newer], _archive.Asked);
    }

    [Fact]
    public void ATreeOfAnotherSuiteIsNotFetchedAgain()
    {
        Open();
        Asks(Suite("trixie-security", New));
        Assert.EndsWith(New, Open("debian:trixie-security").Folder);
        Assert.Equal(["lists"], _archive.Asked);
    }

    [Fact]
    public void AnOlderTreeOfTheSuiteDoesWhenItsListsCanNotBeFetched()
    {
        Asks(Suite("trixie-security", Old));
        Open("debian:trixie-security");
        Asks(Suite("sid", Newer));
        Open("debian:sid");

        Asks(new FakeArchive(_place) { Name = "trixie-security" });
        Assert.EndsWith(Old, Open("debian:trixie-security").Folder);
        Assert.Equal("no network: using linux-source-6.12 6.12.115-2~deb12u1, which was fetched before", _place.Told[^1]);
        Assert.Equal("debian:forky: no network; else use --kernel DIR or a tarball", Refusal("debian:forky"));
    }

    [Fact]
    public void WhatASuiteGaveIsNotTakenForWhatAptNames()
    {
        Open();
        Asks(Suite("sid", Newer));
        Open("debian:sid");
        Asks(new FakeArchive(_place));
        Assert.EndsWith(New, Open().Folder);
    }

    [Fact]
    public void AReleaseIsFetchedFromTheFirstArchiveThatHasIt()
    {
        var (missing, first, last) = (new FakeArchive(_place) { HasNoSuite = true }, Suite("trixie-backports", Newer, "linux-source-7.3_7.3.2-1"), Suite("sid", "linux-source-7.3_7.3.9-1"));
        _archives = [_archive, missing, first, last];
        Assert.Equal("linux-source-7.3 7.3.4-1", Open("debian:7.3").Name);
        Assert.Equal("linux-source-7.3 7.3.4-1", Open("debian:7.3").Name);
        Assert.Empty(_archive.Asked);
        Assert.Equal(["lists"], missing.Asked);
        Assert.Equal(["lists", Newer], first.Asked);
        Assert.Empty(last.Asked);

        Assert.Equal("linux-source-7.3 7.3.2-1", Open("debian:7.3.2").Name);
        Assert.Equal("linux-source-6.12 6.12.117-1~deb12u1", Open("debian:6.12").Name);
        Assert.Empty(last.Asked);
        Assert.Equal("linux-source-7.3 7.3.9-1", Open("debian:7.3.9").Name);
    }

    [Fact]
    public void AnExactReleaseAtHandNeedsNoLists()
    {
        Asks(Suite("sid", Newer));
        Open("debian:7.3.4");
        Asks(new FakeArchive(_place));
        Assert.Equal("linux-source-7.3 7.3.4-1", Open("debian:7.3.4").Name);
        Assert.Empty(_archive.Asked);
        Assert.Equal("linux-source-7.3 7.3.4-1", Open("debian:7.3").Name);
        Assert.Equal(["lists"], _archive.Asked);
        Assert.Equal("debian:7.2: no network; else use --kernel DIR or a tarball", Refusal("debian:7.2"));
    }

    [Fact]
    public void WhatNoArchiveHasIsRefused()
    {
        Asks(Suite("bookworm", "linux-source-6.1_6.1.192-2"));
        Assert.Equal("debian:bookworm: expected a linux-source package of 6.8 or newer in bookworm, but it has only linux-source-6.1; else use --kernel DIR or a tarball", Refusal("debian:bookworm"));
        Assert.Equal("debian:7.9: expected a release that Debian's archive has, got '7.9': it has linux-source-6.1; else use --kernel DIR or a tarball", Refusal("debian:7.9"));
        Asks(Suite("forky-security"));
        Assert.Equal("debian:forky-security: expected a linux-source package of 6.8 or newer in forky-security, but it has none; else use --kernel DIR or a tarball", Refusal("debian:forky-security"));
        Asks(new FakeArchive(_place) { Name = "foo", HasNoSuite = true });
        Assert.Equal("debian:foo: no such suite; else use --kernel DIR or a tarball", Refusal("debian:foo"));
        Refusal("debian:foo");
        Assert.Equal(["lists", "lists"], _archive.Asked);
    }

    private FakeArchive Suite(string name, params string[] keys) => new(_place) { Name = name, Online = [.. keys] };

    private void Asks(FakeArchive archive) => _archives = [_archive = archive];

    private KernelTree Open(string name = "debian") =>
        new DebianTrees(new TreeCache(_place.Cache), TreeContent.MemoryPath, _ => _archives, _place.Told.Add).Open(DebianChoice.Read(name)!, CancellationToken.None);

    private string Refusal(string name = "debian") => Assert.Throws<KernelTreeException>(() => Open(name)).Message;
}
