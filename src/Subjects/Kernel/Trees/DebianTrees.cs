// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel.Trees;

/// <summary>Debian's newest kernel sources that have TDX host support, fetched once.</summary>
/// <param name="cache">Keeps the trees.</param>
/// <param name="archive">Has the packages.</param>
/// <param name="onProgress">Gets one line before each step that takes seconds, and when an older tree has to do.</param>
public sealed class DebianTrees(TreeCache cache, IPackageArchive archive, Action<string> onProgress)
{
    private const string Kind = "debian";
    private const string Otherwise = "use --kernel DIR or a tarball";

    /// <summary>The newest that the archive names; when that can't be had, the newest that was fetched before.</summary>
    /// <exception cref="KernelTreeException">Nothing can be had.</exception>
    public KernelTree Open(CancellationToken token)
    {
        if (AtHand(token) is { } tree)
        {
            return tree;
        }

        using var turn = ProcessTurn.Take(Path.Combine(cache.Of(Kind), ".lock"), () => onProgress("another tdxverify fetches a kernel: waiting for it ..."), token);
        return AtHand(token) ?? Fetch(token);
    }

    /// <summary>What can be had without the network.</summary>
    private KernelTree? AtHand(CancellationToken token)
    {
        var wanted = DebianSource.Newest(archive.Known(token));
        if (wanted is not null)
        {
            return Cached(wanted);
        }

        return NewestCached() is { } older ? Older(older, "apt names no linux-source of 6.8 or newer") : null;
    }

    private KernelTree Fetch(CancellationToken token)
    {
        try
        {
            var wanted = Wanted(token);
            try
            {
                return Cached(wanted) ?? Get(wanted, token);
            }
            catch (KernelTreeException)
            {
                // An archive drops old versions: lists that are out of date name what is gone.
                onProgress("fetching lists of packages ...");
                var current = DebianSource.Newest(archive.Refresh(token));
                if (current is null || current == wanted)
                {
                    throw;
                }

                return Cached(current) ?? Get(current, token);
            }
        }
        catch (KernelTreeException problem)
        {
            return NewestCached() is { } older ? Older(older, problem.Message)
                : throw new KernelTreeException(problem.IsProgramMissing ? $"debian: {problem.Message}; without apt {Otherwise}" : $"debian: {problem.Message}; else {Otherwise}");
        }
    }

    private DebianSource Wanted(CancellationToken token)
    {
        var known = archive.Known(token);
        if (known.Count == 0)
        {
            onProgress("fetching lists of packages ...");
            known = archive.Refresh(token);
        }

        return DebianSource.Newest(known) ?? throw new KernelTreeException(known.Count == 0
            ? "expected apt to name a linux-source package, but it names none"
            : $"expected a linux-source package of 6.8 or newer, but apt names only {string.Join(", ", known.Select(static k => k.Package))}: add backports to its sources");
    }

    private KernelTree Get(DebianSource source, CancellationToken token) => Tree(source, cache.Get(Kind, source.Key, source.ToString(), temporary =>
    {
        onProgress($"fetching {source} ...");
        var package = archive.Download(source, temporary.Subfolder("package"), token);
        onProgress($"unpacking {source.Package} ...");
        var tarball = DebianPackage.Tarball(package, temporary.Subfolder("tarball"), token);
        File.Delete(package);
        return Tarball.Unpack(tarball, temporary.Subfolder("tree"), token);
    }));

    private KernelTree Older(DebianSource source, string why)
    {
        onProgress($"{why}: using {source}, which was fetched before");
        return Cached(source)!;
    }

    private DebianSource? NewestCached() => DebianSource.Newest(cache.Keys(Kind).Select(DebianSource.FromKey).OfType<DebianSource>());

    private KernelTree? Cached(DebianSource source) => cache.Find(Kind, source.Key) is { } folder ? Tree(source, folder) : null;

    private static KernelTree Tree(DebianSource source, string folder) => new(folder, source.ToString(), KernelVersion.Of(folder));
}
