// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Debian's kernel sources that have TDX host support, each fetched once.</summary>
/// <param name="archivesOf">The archives that may have what is meant; the first that has it is asked.</param>
/// <param name="onProgress">Gets one line before each step that takes seconds, and when an older tree has to
/// do.</param>
public sealed class DebianTrees(
    TreeCache cache, TreeContent content, Func<DebianChoice, IReadOnlyList<IPackageArchive>> archivesOf,
    Action<string> onProgress)
{
    private const string Otherwise = "use --kernel DIR or a tarball";

    private readonly FetchedTrees _fetched = new(cache, content.KindOf("debian"));
    private readonly string _kind = content.KindOf("debian");

    /// <summary>The newest that an archive names; when that can't be had, the newest that was fetched
    /// before.</summary>
    /// <exception cref="KernelTreeException">Nothing can be had.</exception>
    public KernelTree Open(DebianChoice choice, CancellationToken token)
    {
        var archives = archivesOf(choice);
        if (AtHand(choice, archives, token) is { } tree)
            return tree;

        using var turn =
            ProcessTurn.Take(
                Path.Combine(cache.Of(_kind), ".lock"), () =>
                    onProgress("another tdxverify fetches a kernel: waiting for it ..."), token);
        return AtHand(choice, archives, token) ?? Fetch(choice, archives, token);
    }

    private KernelTree? AtHand(DebianChoice choice, IReadOnlyList<IPackageArchive> archives, CancellationToken token)
    {
        if (choice.IsExact && _fetched.Newest(choice) is { } exact)
            return Cached(choice, exact);

        foreach (var archive in archives)
        {
            var known = Known(archive, choice, token);
            if (choice.Newest(known ?? []) is { } wanted)
                return Cached(choice, wanted);

            if (known is null)
                break;
        }

        // Lists of a suite are ours to fetch; the system's are its owner's.
        return choice is { Suite: null, Release: null }
            && _fetched.Newest(choice) is { } older ? Older(older, "apt names no linux-source of 6.8 or newer") : null;
    }

    private KernelTree Fetch(DebianChoice choice, IReadOnlyList<IPackageArchive> archives, CancellationToken token)
    {
        try
        {
            var seen = new List<DebianSource>();
            foreach (var archive in archives)
            {
                if (From(archive, choice, seen, token) is { } tree)
                    return tree;
            }

            throw new KernelTreeException(Nothing(choice, seen));
        }
        catch (KernelTreeException problem)
        {
            return _fetched.Newest(choice) is { } older ? Older(older, problem.Message)
                : throw new KernelTreeException(
                    $"{choice.Name}: {problem.Message}; {(problem.IsProgramMissing ? "without apt" : "else")} "
                        + $"{Otherwise}");
        }
    }

    /// <summary>What is meant out of one archive, or null when it has none; what it has instead is added to what was
    /// seen.</summary>
    private KernelTree? From(
        IPackageArchive archive, DebianChoice choice, List<DebianSource> seen, CancellationToken token)
    {
        IReadOnlyList<DebianSource> known;
        try
        {
            known = Known(archive, choice, token) ?? Refresh(archive, token);
        }
        catch (KernelTreeException problem) when (problem.IsSuiteMissing && choice.Suite is null)
        {
            return null;
        }

        seen.AddRange(known);
        var wanted = choice.Newest(known);
        if (wanted is null)
            return null;

        try
        {
            return Cached(choice, wanted) ?? Get(archive, choice, wanted, token);
        }
        catch (KernelTreeException)
        {
            // An archive drops old versions: lists that are out of date name what is gone.
            var current = choice.Newest(Refresh(archive, token));
            if (current is null || current == wanted)
                throw;

            return Cached(choice, current) ?? Get(archive, choice, current, token);
        }
    }

    /// <summary>What is known of an archive. One without the suite has no package of any release; but who names that
    /// suite wants to be sure.</summary>
    private static IReadOnlyList<DebianSource>? Known(
        IPackageArchive archive, DebianChoice choice, CancellationToken token)
    {
        try
        {
            return archive.Known(token);
        }
        catch (KernelTreeException problem) when (problem.IsSuiteMissing)
        {
            return choice.Suite is null ? [] : null;
        }
    }

    private IReadOnlyList<DebianSource> Refresh(IPackageArchive archive, CancellationToken token)
    {
        onProgress(
            archive.Name == "apt"
                ? "fetching lists of packages ..."
                : $"fetching the list of packages of {archive.Name} ...");
        return archive.Refresh(token);
    }

    private static string Nothing(DebianChoice choice, List<DebianSource> seen)
    {
        var names = string.Join(", ", seen.Select(static s => s.Package).Distinct());
        return choice switch
        {
            { Suite: { } suite } =>
                $"expected a linux-source package of 6.8 or newer in {suite}, but it has "
                    + $"{(names.Length == 0 ? "none" : "only " + names)}",
            { Release: { } release } =>
                $"expected a release that Debian's archive has, got '{release}': it has "
                    + $"{(names.Length == 0 ? "none" : names)}",
            _ when names.Length == 0 => "expected apt to name a linux-source package, but it names none",
            _ => $"expected a linux-source package of 6.8 or newer, but apt names only {names}: name a suite, as "
                + $"debian:trixie-backports",
        };
    }

    private KernelTree Get(IPackageArchive archive, DebianChoice choice, DebianSource source, CancellationToken token)
    {
        cache.Get(_kind, source.Key, source.ToString(), temporary =>
        {
            onProgress($"fetching {source} ...");
            var package = archive.Download(source, temporary.Subfolder("package"), token);
            onProgress($"unpacking {source.Package} ...");
            var tarball = DebianPackage.Tarball(package, temporary.Subfolder("tarball"), token);
            File.Delete(package);
            return Tarball.Unpack(tarball, temporary.Subfolder("tree"), content, token);
        });
        return Cached(choice, source)!;
    }

    private KernelTree Older(DebianSource source, string why)
    {
        onProgress($"{why}: using {source}, which was fetched before");
        return Tree(source, cache.Find(_kind, source.Key)!);
    }

    private KernelTree? Cached(DebianChoice choice, DebianSource source)
    {
        if (cache.Find(_kind, source.Key) is not { } folder)
            return null;

        _fetched.Note(choice, source);
        return Tree(source, folder);
    }

    private static KernelTree Tree(DebianSource source, string folder) =>
        new(folder, source.ToString(), KernelVersion.Of(folder));
}
