// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Turns what a user names as a kernel into a folder of kernel sources: a folder, a git revision, a tarball,
/// a package, or one of Debian's kernels.</summary>
public sealed class TreeFinder
{
    private const string Expected = "expected a kernel tree, DIR@REV, a tarball, a .deb, 'debian' or 'debian:SUITE'";

    private readonly string _cacheFolder;
    private readonly GitTrees _git;
    private readonly TarballTrees _tarballs;
    private readonly DebianTrees _debian;

    /// <summary>Unpacks into a cache folder.</summary>
    /// <param name="cacheFolder">Where trees are kept, for good; see <see cref="DefaultCacheFolder"/>. It is made when
    /// it is needed.</param>
    /// <param name="onProgress">Gets one line before each step that takes seconds.</param>
    /// <param name="content">What is unpacked; default: what user space compiles.</param>
    public TreeFinder(string cacheFolder, Action<string>? onProgress = null, TreeContent? content = null)
    {
        content ??= TreeContent.MemoryPath;
        onProgress ??= static _ => { };
        _cacheFolder = Path.GetFullPath(cacheFolder);
        var cache = new TreeCache(_cacheFolder);
        _git = new GitTrees(cache, content, onProgress);
        _tarballs = new TarballTrees(cache, content, onProgress);
        var archives = new DebianArchives(Path.Combine(_cacheFolder, "apt"));
        _debian = new DebianTrees(cache, content, archives.For, onProgress);
    }

    /// <summary>The folder "trees" in the user's cache.</summary>
    public static string DefaultCacheFolder => Path.Combine(UserFolders.Cache, "trees");

    /// <summary>The sources of a kernel.</summary>
    /// <param name="name">DIR, DIR@REV, a tarball, a linux-source package, or "debian", "debian:SUITE",
    /// "debian:RELEASE". A folder of that name wins, then a file.</param>
    /// <param name="token">Ends it: programs that run are killed, and what is half unpacked goes.</param>
    /// <exception cref="KernelTreeException">There are none, or none with TDX host support.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public KernelTree Open(string name, CancellationToken token)
    {
        try
        {
            return Read(name, token);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new KernelTreeException(
                $"{name}: {problem.Message} (unpacked kernels go to {UserFolders.Shorten(_cacheFolder)})");
        }
    }

    private KernelTree Read(string name, CancellationToken token)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            throw new KernelTreeException(Expected + ", got an empty name");

        var path = UserFolders.Expand(name);
        if (Directory.Exists(path))
        {
            var shown = UserFolders.Shorten(path);
            TreeFiles.Require(path, shown);
            return new KernelTree(path, shown, KernelVersion.Of(path)) { Commit = GitTrees.CommitOf(path, token) };
        }

        return File.Exists(path) ? _tarballs.Open(path, token)
            : DebianChoice.Read(name) is { } choice ? _debian.Open(choice, token)
            : ReadRevision(name, token);
    }

    /// <summary>Folders and revisions may both have an '@': the longest folder that exists is meant.</summary>
    private KernelTree ReadRevision(string name, CancellationToken token)
    {
        for (var at = name.LastIndexOf('@'); at > 0; at = name.LastIndexOf('@', at - 1))
        {
            if (Directory.Exists(UserFolders.Expand(name[..at])))
            {
                return at + 1 < name.Length
                    ? _git.Open(UserFolders.Expand(name[..at]), name[(at + 1)..], token)
                    : throw new KernelTreeException($"{name}: expected a git revision behind '@', got nothing");
            }
        }

        throw new KernelTreeException(name.StartsWith('@')
            ? $"{name}: expected a folder before '@': .{name} is a revision of this one"
            : $"{name}: {Expected}, but there is no such file or folder");
    }
}
