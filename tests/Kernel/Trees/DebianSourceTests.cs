// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>The newest package of many.</summary>
public sealed class DebianSourceTests
{
    [Fact]
    public void TheNewestKernelComesFirstThenTheNewestVersion()
    {
        Assert.Equal("linux-source-6.12 6.12.9-1", Newest("linux-source-6.9_6.9.99-1", "linux-source-6.12_6.12.9-1", "linux-source-6.12_6.12.9-1~deb12u1", "linux-source-6.1_6.1.200-1"));
        Assert.Equal("linux-source-6.8 6.8.1-1", Newest("linux-source-6.8_6.8.1-1", "linux-source-5.10_5.10.1-1"));
        Assert.Equal("linux-source-6.8.0 6.8.0-50.51", Newest("linux-source-6.8.0_6.8.0-50.51", "linux-source-6.5.0_6.5.0-1.1"));
        Assert.Null(Newest("linux-source-6.7_6.7.12-1", "linux-source-6.1_6.1.200-1"));
        Assert.Null(Newest());
    }

    [Theory]
    [InlineData("linux-source", "6.12.1-1")]
    [InlineData("linux-source-6.12-rt", "6.12.1-1")]
    [InlineData("linux-source-99999999999.1", "6.12.1-1")]
    [InlineData("linux-source-6.12", "(none)")]
    [InlineData("linux-source-6.12", "1/../../x")]
    public void OtherPackagesAreNone(string package, string version) => Assert.Null(DebianSource.From(package, version));

    [Theory]
    [InlineData("6.12.117-1~deb12u1", "6.12", true)]
    [InlineData("6.12.117-1~deb12u1", "6.12.117", true)]
    [InlineData("6.12.117-1~deb12u1", "6.12.11", false)]
    [InlineData("6.12.117-1~deb12u1", "6.1", false)]
    [InlineData("1:6.12~rc3-1~exp1", "6.12", true)]
    public void APackageIsOfARelease(string version, string release, bool expected) =>
        Assert.Equal(expected, DebianSource.From("linux-source-6.12", version)!.IsOf(release));

    [Fact]
    public void AKeyIsReadBack()
    {
        var source = DebianSource.From("linux-source-6.12", "6.12.117-1~deb12u1")!;
        Assert.Equal("linux-source-6.12_6.12.117-1~deb12u1", source.Key);
        Assert.Equal(source, DebianSource.FromKey(source.Key));
        Assert.Null(DebianSource.FromKey(".new-abc.def"));
    }

    private static string? Newest(params string[] keys) => DebianSource.Newest(keys.Select(static k => DebianSource.FromKey(k)!))?.ToString();
}
