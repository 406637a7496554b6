// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Which of its readings a name gets.</summary>
public sealed class KernelTreesTests
{
    [Fact]
    public void AFolderIsUsedWhereItLies()
    {
        using var place = new Workplace();
        var folder = place.MakeTree("linux");
        var tree = place.Open(folder + "/");
        Assert.Equal(folder, tree.Folder);
        Assert.Equal(folder, tree.Name);
        Assert.Equal("6.12.117", tree.Version);
        Assert.False(Directory.Exists(place.Cache));
        Assert.Empty(place.Told);
    }

    [Fact]
    public void ARelativeFolderBecomesAbsolute()
    {
        using var place = new Workplace();
        var folder = place.MakeTree("linux");
        Assert.Equal(folder, place.Open(Path.GetRelativePath(Environment.CurrentDirectory, folder)).Folder);
    }

    [Fact]
    public void AFolderWithAnAtSignWinsOverARevision()
    {
        using var place = new Workplace();
        place.MakeTree("linux");
        var folder = place.MakeTree("linux@HEAD");
        Assert.Equal(folder, place.Open(folder).Folder);
    }

    [Theory]
    [InlineData("include/linux/memblock.h", "expected the top of a kernel tree, but include/linux/memblock.h is missing")]
    [InlineData("mm/memblock.c", "expected the top of a kernel tree, but mm/memblock.c is missing")]
    [InlineData("lib/sort.c", "expected the top of a kernel tree, but lib/sort.c is missing")]
    [InlineData("arch/x86/virt/vmx/tdx/tdx.c", "no TDX host support: arch/x86/virt/vmx/tdx/tdx.c is missing; Linux 6.8 and newer have it")]
    public void ATreeWithoutARequiredFileIsRefused(string file, string line)
    {
        using var place = new Workplace();
        var folder = place.MakeTree("linux");
        File.Delete(Path.Combine(folder, file));
        Assert.Equal($"{folder}: {line}", place.Refusal(folder));
    }

    [Theory]
    [InlineData("", "expected a kernel tree, DIR@REV, a tarball, a .deb, 'debian' or 'debian:SUITE', got an empty name")]
    [InlineData("/nowhere/linux", "/nowhere/linux: expected a kernel tree, DIR@REV, a tarball, a .deb, 'debian' or 'debian:SUITE', but there is no such file or folder")]
    [InlineData("/nowhere/linux@v6.12", "/nowhere/linux@v6.12: expected a kernel tree, DIR@REV, a tarball, a .deb, 'debian' or 'debian:SUITE', but there is no such file or folder")]
    [InlineData("debian:", "debian:: expected a suite (as trixie-backports) or a release (as 7.3) behind 'debian:', got ''")]
    [InlineData("debian:6.7", "debian:6.7: expected a release of 6.8 or newer, which have TDX host support, got '6.7'")]
    [InlineData("@HEAD", "@HEAD: expected a folder before '@': .@HEAD is a revision of this one")]
    [InlineData("/@", "/@: expected a git revision behind '@', got nothing")]
    [InlineData("/two\nlines", "/two?lines: expected a kernel tree, DIR@REV, a tarball, a .deb, 'debian' or 'debian:SUITE', but there is no such file or folder")]
    public void ANameOfNothingIsRefused(string name, string line)
    {
        using var place = new Workplace();
        Assert.Equal(line, place.Refusal(name));
    }

    [Fact]
    public void ACacheThatCanNotBeWrittenIsNamed()
    {
        using var place = new Workplace();
        place.Run("tar", "--create", "--file=linux.tar", "--directory=" + Path.GetDirectoryName(place.MakeTree("linux")), "linux");
        File.WriteAllText(place.Cache, "a file where the folder should be");
        Assert.EndsWith($"(unpacked kernels go to {place.Cache})", place.Refusal(place.At("linux.tar")));
    }
}
