// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>The system's apt. When its own lists are empty, or out of date, lists of our own are kept: its sources and
/// keys, but no root.</summary>
/// <param name="ownFolder">Where those lists go. It is made when it is needed.</param>
/// <param name="everyVersion">False: each package in the version that apt would fetch. True: in every version that it
/// knows.</param>
internal sealed class AptArchive(string ownFolder, bool everyVersion) : IPackageArchive
{
    private const string SystemLists = "/var/lib/apt/lists";
    private const string SystemIndex = "/var/cache/apt/pkgcache.bin";

    // The index of the lists in one file: without it apt reads all lists at every call.
    private const string Index = "Dir::Cache::pkgcache=";
    private const string NoSourceIndex = "Dir::Cache::srcpkgcache=";

    private bool _usesOwn;

    public string Name => "apt";
    private string OwnLists => Path.Combine(ownFolder, "lists");

    private AptCalls Apt => _usesOwn
        ? new("Dir::State=" + ownFolder, "Dir::State::Lists=" + OwnLists, "Dir::Cache=" + ownFolder, Index + "own.bin",
            NoSourceIndex, "Acquire::Languages=none")
        : File.Exists(SystemIndex) ? new() : new(Index + Path.Combine(ownFolder, "system.bin"), NoSourceIndex);

    public IReadOnlyList<DebianSource>? Known(CancellationToken token)
    {
        try
        {
            var isOwnThere = Directory.Exists(OwnLists);
            _usesOwn = isOwnThere
                && Directory.GetLastWriteTimeUtc(OwnLists) > Directory.GetLastWriteTimeUtc(SystemLists);
            var known = Listed(token);
            if (isOwnThere && DebianSource.Newest(known) is null)
            {
                _usesOwn = !_usesOwn;
                var others = Listed(token);
                known = others.Count > 0 ? others : known;
            }

            return known.Count > 0 ? known : null;
        }
        catch (KernelTreeException problem) when (problem.IsProgramMissing)
        {
            return null;
        }
    }

    public IReadOnlyList<DebianSource> Refresh(CancellationToken token)
    {
        _usesOwn = true;
        var end = Apt.Update(ownFolder, token);
        var listed = Listed(token);
        if (listed.Count == 0)
        {
            // One source of many may fail, with or without an exit code: only when nothing came of it does that
            // matter.
            throw new KernelTreeException($"apt-get update gave no {DebianSource.Prefix}* package: {end.Complaint}");
        }

        return listed;
    }

    public string Download(DebianSource source, string folder, CancellationToken token) =>
        Apt.Download(source, folder, token);

    public string DownloadImage(DebianSource source, string folder, CancellationToken token) =>
        Apt.DownloadImage(source, folder, token);

    private IReadOnlyList<DebianSource> Listed(CancellationToken token)
    {
        Directory.CreateDirectory(ownFolder);
        return Apt.Listed(everyVersion, token);
    }
}
