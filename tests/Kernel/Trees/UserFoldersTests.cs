// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

public sealed class UserFoldersTests
{
    private static readonly string Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [Fact]
    public void TheHomeFolderIsATilde()
    {
        Assert.Equal(Path.Combine(Home, "linux"), UserFolders.Expand("~/linux/"));
        Assert.Equal("~/linux", UserFolders.Shorten(Path.Combine(Home, "linux")));
        Assert.Equal(Home + "er/linux", UserFolders.Shorten(Home + "er/linux"));
    }

    [Fact]
    public void TheCacheIsWhereTheUserWantsItUnlessThatIsRelative()
    {
        var before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "/elsewhere");
            Assert.Equal("/elsewhere/tdxverify", UserFolders.Cache);
            Assert.Equal("/elsewhere/tdxverify/trees", TreeFinder.DefaultCacheFolder);
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "elsewhere");
            Assert.Equal(Path.Combine(Home, ".cache", "tdxverify"), UserFolders.Cache);
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }
}
