// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>The user's own folders, and names as the user writes them.</summary>
public static class UserFolders
{
    /// <summary>What can be made again: $XDG_CACHE_HOME when it is absolute, else ~/.cache, then
    /// "tdxverify".</summary>
    public static string Cache
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var root = !string.IsNullOrEmpty(cache) && Path.IsPathRooted(cache) ? cache : Path.Combine(Home, ".cache");
            return Path.Combine(root, "tdxverify");
        }
    }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The absolute path of a name. A shell leaves the ~ in --kernel=~/linux, so it is read here
    /// too.</summary>
    public static string Expand(string name) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(
        name == "~" || name.StartsWith("~/", StringComparison.Ordinal) ? Home + name[1..] : name));

    /// <summary>A path for reports: the home folder is "~".</summary>
    public static string Shorten(string path) =>
        Home.Length > 1
            && (path + "/").StartsWith(Home + "/", StringComparison.Ordinal) ? "~" + path[Home.Length..] : path;
}
