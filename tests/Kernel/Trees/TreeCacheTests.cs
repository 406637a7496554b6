// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>What appears in the cache, and when.</summary>
public sealed class TreeCacheTests
{
    [Fact]
    public void WhoeverIsSecondThrowsHisOwnAway()
    {
        using var place = new Workplace();
        var cache = new TreeCache(place.Cache);
        var second = cache.Get("kind", "key", "name", temporary =>
        {
            cache.Get("kind", "key", "name", other => Filled(place, other, "first\n"));
            return Filled(place, temporary, "second\n");
        });
        Assert.Equal("first\n", File.ReadAllText(Path.Combine(second, "mm/memblock.c")));
        Assert.Equal(["key"], place.Cached("kind"));
    }

    [Fact]
    public void WhatBreaksOffLeavesNothing()
    {
        using var place = new Workplace();
        var cache = new TreeCache(place.Cache);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.Throws<OperationCanceledException>(() => cache.Get("kind", "key", "name", temporary =>
        {
            var made = Filled(place, temporary, "half\n");
            ChildProcess.Run("sleep", ["60"], source.Token);
            return made;
        }));
        Assert.Empty(place.Cached("kind"));
    }

    [Fact]
    public void ATemporaryFolderIsNeverTakenForATree()
    {
        using var place = new Workplace();
        var cache = new TreeCache(place.Cache);
        using var temporary = new TemporaryFolder(cache.Of("kind"));
        place.MakeTree(Path.GetRelativePath(place.Folder, temporary.Path));
        Assert.DoesNotContain(cache.Keys("kind"), static k => DebianSource.FromKey(k) is not null);
        Assert.Null(cache.Find("kind", "key"));
    }

    [Fact]
    public void ATreeThatLostFilesIsMadeAgain()
    {
        using var place = new Workplace();
        var cache = new TreeCache(place.Cache);
        var tree = cache.Get("kind", "key", "name", temporary => Filled(place, temporary, "first\n"));
        File.Delete(Path.Combine(tree, "lib/sort.c"));
        Assert.Null(cache.Find("kind", "key"));
        Assert.Empty(cache.Keys("kind"));
        Assert.Equal(tree, cache.Get("kind", "key", "name", temporary => Filled(place, temporary, "second\n")));
        Assert.Equal("second\n", File.ReadAllText(Path.Combine(tree, "mm/memblock.c")));
        Assert.Equal(["key"], place.Cached("kind"));
    }

    [Fact]
    public void ATreeThatWasUnpackedWhenFewerFilesWereIsMadeAgain()
    {
        using var place = new Workplace();
        var cache = new TreeCache(place.Cache);
        var tree = cache.Get("kind", "key", "name", temporary => Filled(place, temporary, "first\n"));
        var list = Assert.Single(Directory.GetFiles(tree, ".*"));
        File.WriteAllLines(list, [.. TreeFiles.Needed, "another/file"]);
        Assert.Equal(tree, cache.Find("kind", "key"));

        File.WriteAllLines(list, TreeFiles.Needed.Where(static f => f != "mm/mm_init.h"));
        Assert.Null(cache.Find("kind", "key"));
        File.Delete(list);
        Assert.Null(cache.Find("kind", "key"));
        Assert.Equal(tree, cache.Get("kind", "key", "name", temporary => Filled(place, temporary, "second\n")));
        Assert.Equal("second\n", File.ReadAllText(Path.Combine(tree, "mm/memblock.c")));
        Assert.Equal(["key"], place.Cached("kind"));
    }

    [Fact]
    public void WhatAKilledProcessLeftGoesAfterADay()
    {
        using var place = new Workplace();
        var cache = new TreeCache(place.Cache);
        var (old, young) = (Path.Combine(cache.Of("kind"), ".new-old"), Path.Combine(cache.Of("kind"), ".new-young"));
        Directory.CreateDirectory(Path.Combine(old, "mm"));
        Directory.CreateDirectory(young);
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        cache.Get("kind", "key", "name", temporary => Filled(place, temporary, "text\n"));
        Assert.Equal([".new-young", "key"], place.Cached("kind"));
    }

    private static string Filled(Workplace place, TemporaryFolder temporary, string text)
    {
        var tree = Path.GetRelativePath(place.Folder, temporary.Path);
        place.MakeTree(tree);
        place.Write(tree, "mm/memblock.c", text);
        return temporary.Path;
    }
}
