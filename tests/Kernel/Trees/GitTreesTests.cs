// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Revisions of a real repository.</summary>
public sealed class GitTreesTests
{
    [Fact]
    public void ARevisionIsUnpackedWithoutWhatIsNotNeeded()
    {
        using var place = new Workplace();
        var folder = MakeRepository(place);
        var commit = Commit(place, "v1");

        var tree = place.Open(folder + "@v1");
        Assert.Equal(Path.Combine(place.Cache, "git", commit), tree.Folder);
        Assert.Equal($"{folder}@v1 ({commit[..12]})", tree.Name);
        Assert.Equal("6.12.117", tree.Version);
        Assert.Equal("/* mm/memblock.c */\n", File.ReadAllText(Path.Combine(tree.Folder, "mm/memblock.c")));
        Assert.True(File.Exists(Path.Combine(tree.Folder, "arch/x86/include/asm/tdx.h")));
        Assert.False(File.Exists(Path.Combine(tree.Folder, "mm/slub.c")));
        Assert.False(Directory.Exists(Path.Combine(tree.Folder, "tools")));
        Assert.Equal([$"unpacking {tree.Name} ..."], place.Told);
    }

    [Fact]
    public void WorkTreeAndIndexAreNeitherReadNorTouched()
    {
        using var place = new Workplace();
        var folder = MakeRepository(place);
        place.Write("linux", "mm/memblock.c", "in the index\n");
        Git(place, "add", "mm/memblock.c");
        place.Write("linux", "mm/memblock.c", "in the work tree\n");
        var index = File.ReadAllBytes(Path.Combine(folder, ".git/index"));

        Assert.Equal("second\n", File.ReadAllText(Path.Combine(place.Open(folder + "@HEAD").Folder, "mm/memblock.c")));
        Assert.Equal("in the work tree\n", File.ReadAllText(Path.Combine(folder, "mm/memblock.c")));
        Assert.Equal(index, File.ReadAllBytes(Path.Combine(folder, ".git/index")));
    }

    [Fact]
    public void ACommitIsUnpackedOnceWhateverItIsCalled()
    {
        using var place = new Workplace();
        var folder = MakeRepository(place);
        var first = place.Open(folder + "@v1").Folder;
        Assert.Equal(first, place.Open(folder + "@HEAD~1").Folder);
        Assert.Equal(first, place.Open(folder + "@" + Commit(place, "v1")).Folder);
        Assert.Single(place.Told);
        Assert.Single(place.Cached("git"));
    }

    [Fact]
    public void ARevisionMayHaveAnAtSignAndAFolderToo()
    {
        using var place = new Workplace();
        var folder = MakeRepository(place, "li@nux");
        Assert.Equal("second\n", File.ReadAllText(Path.Combine(place.Open(folder + "@HEAD@{0}").Folder, "mm/memblock.c")));
    }

    [Fact]
    public void APathThatARevisionLacksIsPassedOver()
    {
        using var place = new Workplace();
        var folder = MakeRepository(place);
        Git(place, "rm", "--quiet", "mm/internal.h");
        Save(place);
        Assert.False(File.Exists(Path.Combine(place.Open(folder + "@HEAD").Folder, "mm/internal.h")));
    }

    [Fact]
    public void ARevisionWithoutHostSupportIsRefusedAndNotKept()
    {
        using var place = new Workplace();
        var folder = MakeRepository(place);
        Git(place, "rm", "--quiet", "-r", "arch/x86/virt");
        Save(place);
        Assert.StartsWith($"{folder}@HEAD ({Commit(place, "HEAD")[..12]}): no TDX host support", place.Refusal(folder + "@HEAD"));
        Git(place, "rm", "--quiet", "-r", ".");
        Save(place);
        Assert.Equal(
            $"{folder}@HEAD ({Commit(place, "HEAD")[..12]}): expected the top of a kernel tree, but include/linux/memblock.h is missing",
            place.Refusal(folder + "@HEAD"));
        Assert.Empty(place.Cached("git"));
    }

    [Theory]
    [InlineData("linux@nothing", "linux: expected a git revision behind '@', got 'nothing'")]
    [InlineData("linux@--all", "linux: expected a git revision behind '@', got '--all'")]
    [InlineData("linux/mm@HEAD", "linux/mm: expected the top of a git repository, got its folder mm/")]
    [InlineData("plain@HEAD", "plain: expected a git repository, because of '@HEAD': fatal: not a git repository")]
    public void WhatIsNoRevisionIsRefused(string name, string line)
    {
        using var place = new Workplace();
        MakeRepository(place);
        place.MakeTree("plain");
        Assert.StartsWith(place.At(line), place.Refusal(place.At(name)));
    }

    /// <summary>Two commits, the first of them tagged v1.</summary>
    private static string MakeRepository(Workplace place, string name = "linux")
    {
        var folder = place.MakeTree(name);
        Git(place, name, ["init", "--quiet"]);
        Save(place, name);
        Git(place, name, ["tag", "v1"]);
        place.Write(name, "mm/memblock.c", "second\n");
        Save(place, name);
        return folder;
    }

    private static string Commit(Workplace place, string revision) => Git(place, "rev-parse", revision);

    private static void Save(Workplace place, string name = "linux")
    {
        Git(place, name, ["add", "--all"]);
        Git(place, name, ["-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message=test"]);
    }

    private static string Git(Workplace place, params string[] arguments) => Git(place, "linux", arguments);

    private static string Git(Workplace place, string name, string[] arguments) => place.Run("git", ["-C", place.At(name), .. arguments]).Trim();
}
