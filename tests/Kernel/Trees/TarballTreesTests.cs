// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Tarballs as tar makes them.</summary>
public sealed class TarballTreesTests
{
    [Theory]
    [InlineData("tar", "--create", "tar")]
    [InlineData("tar.gz", "--gzip", "gzip")]
    [InlineData("tar.xz", "--xz", "xz")]
    [InlineData("tar.bz2", "--bzip2", "bzip2")]
    [InlineData("tar.zst", "--zstd", "zstd")]
    public void EveryCompressionIsUnpacked(string ending, string option, string program)
    {
        using var place = new Workplace();
        place.MakeTree("linux-6.12");
        Assert.SkipUnless(place.Has(program), $"no {program} on this machine");
        place.Run("tar", "--create", option, "--file=linux." + ending, "linux-6.12");

        var tree = place.Open(place.At("linux." + ending));
        Assert.Equal(place.At("linux." + ending), tree.Name);
        Assert.Equal("6.12.117", tree.Version);
        Assert.Equal("/* mm/memblock.c */\n", File.ReadAllText(Path.Combine(tree.Folder, "mm/memblock.c")));
        Assert.True(File.Exists(Path.Combine(tree.Folder, "arch/x86/include/asm/tdx.h")));
        Assert.False(File.Exists(Path.Combine(tree.Folder, "mm/slub.c")));
        Assert.Equal([$"unpacking {tree.Name} ..."], place.Told);
    }

    [Theory]
    [InlineData("linux-6.12", ".")]
    [InlineData("./linux-6.12", ".")]
    [InlineData(".", "linux-6.12")]
    public void TheTopFolderGoesIfThereIsOne(string what, string from)
    {
        using var place = new Workplace();
        place.MakeTree("linux-6.12");
        place.Run("tar", "--create", "--file=linux.tar", "--directory=" + from, what);
        Assert.True(File.Exists(Path.Combine(place.Open(place.At("linux.tar")).Folder, "Makefile")));
    }

    [Fact]
    public void TheSameContentIsUnpackedOnce()
    {
        using var place = new Workplace();
        place.MakeTree("linux");
        place.Run("tar", "--create", "--file=one.tar", "linux");
        File.Copy(place.At("one.tar"), place.At("two.tar"));
        Assert.Equal(place.Open(place.At("one.tar")).Folder, place.Open(place.At("two.tar")).Folder);
        Assert.Single(place.Told);

        place.Write("linux", "mm/memblock.c", "changed\n");
        place.Run("tar", "--create", "--file=one.tar", "linux");
        Assert.Equal("changed\n", File.ReadAllText(Path.Combine(place.Open(place.At("one.tar")).Folder, "mm/memblock.c")));
    }

    [Fact]
    public void ATarballWithoutHostSupportIsRefusedAndNotKept()
    {
        using var place = new Workplace();
        Directory.Delete(Path.Combine(place.MakeTree("linux"), "arch/x86/virt"), recursive: true);
        place.Run("tar", "--create", "--file=linux.tar", "linux");
        Assert.StartsWith(place.At("linux.tar") + ": no TDX host support", place.Refusal(place.At("linux.tar")));
        Assert.Empty(place.Cached("tarball"));
    }

    [Fact]
    public void ACutTarballIsRefusedThoughAllFilesAreThere()
    {
        using var place = new Workplace();
        place.MakeTree("linux");
        place.Write("linux", "include/random.h", Convert.ToHexString(new byte[1 << 16]));
        place.Run("tar", "--create", "--file=linux.tar", "linux/lib", "linux/mm", "linux/arch", "linux/Makefile", "linux/include/linux", "linux/include/random.h");
        using (var tarball = File.OpenWrite(place.At("linux.tar")))
        {
            tarball.SetLength(1 << 16);
        }

        Assert.Equal(place.At("linux.tar") + ": expected a tarball of kernel sources: tar: Unexpected EOF in archive", place.Refusal(place.At("linux.tar")));
        Assert.Empty(place.Cached("tarball"));
    }

    [Fact]
    public void WhatIsNoTarballIsRefused()
    {
        using var place = new Workplace();
        place.Write(".", "vmlinux", "no tarball\n");
        Assert.StartsWith(place.At("vmlinux") + ": expected a tarball of kernel sources: tar: This does not look like a tar archive", place.Refusal(place.At("vmlinux")));
        place.Run("mkfifo", "pipe");
        using var open = new FileStream(place.At("pipe"), FileMode.Open, FileAccess.ReadWrite);
        Assert.Equal(place.At("pipe") + ": expected a regular file", place.Refusal(place.At("pipe")));
    }

    [Fact]
    public void APackageOfKernelSourcesIsUnpackedToo()
    {
        using var place = new Workplace();
        Assert.SkipUnless(place.Has("dpkg-deb"), "no dpkg-deb on this machine");
        var package = place.MakePackage(DebianSource.From("linux-source-6.12", "6.12.117-1")!, place.Folder);
        var tree = place.Open(package);
        Assert.Equal((package, "6.12.117"), (tree.Name, tree.Version));
        Assert.True(File.Exists(Path.Combine(tree.Folder, "mm/mm_init.h")));
        Assert.False(File.Exists(Path.Combine(tree.Folder, "mm/slub.c")));

        File.Copy(package, place.At("renamed"));
        Assert.Equal(tree.Folder, place.Open(place.At("renamed")).Folder);
        Assert.Equal([$"unpacking {package} ..."], place.Told);
    }

    [Fact]
    public void AnotherPackageIsRefused()
    {
        using var place = new Workplace();
        Assert.SkipUnless(place.Has("dpkg-deb"), "no dpkg-deb on this machine");
        place.Write("package", "DEBIAN/control", "Package: other\nVersion: 1\nArchitecture: all\nMaintainer: Test <test@localhost>\nDescription: test\n");
        place.Run("dpkg-deb", "--build", "package", "other.deb");
        Assert.StartsWith(place.At("other.deb") + ": expected a linux-source package: tar failed: ", place.Refusal(place.At("other.deb")));
        File.WriteAllText(place.At("cut.deb"), "!<arch>\ndebian-binary   ");
        Assert.StartsWith(place.At("cut.deb") + ": expected a linux-source package: dpkg-deb failed: ", place.Refusal(place.At("cut.deb")));
        Assert.Empty(place.Cached("tarball"));
    }

    [Fact]
    public void WhenTheUserEndsItNothingStays()
    {
        using var place = new Workplace();
        place.MakeTree("linux");
        place.Run("tar", "--create", "--file=linux.tar", "linux");
        using var source = new CancellationTokenSource();
        var trees = new TreeFinder(place.Cache, _ => source.Cancel());
        Assert.Throws<OperationCanceledException>(() => trees.Open(place.At("linux.tar"), source.Token));
        Assert.Empty(place.Cached("tarball"));
    }
}
