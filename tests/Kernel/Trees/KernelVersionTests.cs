// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

public sealed class KernelVersionTests
{
    [Theory]
    [InlineData("VERSION = 6\nPATCHLEVEL = 13\nSUBLEVEL = 0\nEXTRAVERSION = -rc1\n", "6.13.0-rc1")]
    [InlineData("# SPDX\nVERSION=6\nPATCHLEVEL=8\nSUBLEVEL=12\nEXTRAVERSION=\n", "6.8.12")]
    [InlineData("VERSION = 6\nPATCHLEVEL = 8\n", "6.8")]
    [InlineData("all:\n\techo VERSION = 6\n", null)]
    public void TheVersionIsWhatTheMakefileSays(string makefile, string? version)
    {
        using var place = new Workplace();
        place.Write("linux", "Makefile", makefile);
        Assert.Equal(version, KernelVersion.Of(place.At("linux")));
    }

    [Fact]
    public void WithoutAMakefileThereIsNone()
    {
        using var place = new Workplace();
        Assert.Null(KernelVersion.Of(place.Folder));
    }
}
