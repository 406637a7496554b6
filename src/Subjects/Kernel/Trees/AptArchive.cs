// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel.Trees;

/// <summary>The system's apt. When its own lists are empty, or out of date, lists of our own are kept: its sources and keys, but no root.</summary>
/// <param name="ownFolder">Where those lists go. It is made when it is needed.</param>
internal sealed class AptArchive(string ownFolder) : IPackageArchive
{
    private const string SystemLists = "/var/lib/apt/lists";
    private const string SystemIndex = "/var/cache/apt/pkgcache.bin";

    // The index of the lists in one file: without it apt reads all lists at every call.
    private const string Index = "Dir::Cache::pkgcache=";
    private const string NoSourceIndex = "Dir::Cache::srcpkgcache=";

    // The system's hooks clean and announce its own lists, and fail without root. Only a file can clear them.
    private const string NoHooks = "#clear APT::Update::Pre-Invoke;\n#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n";

    private bool _usesOwn;

    private string OwnLists => Path.Combine(ownFolder, "lists");

    private string[] Options => _usesOwn
        ? Spell("Dir::State=" + ownFolder, "Dir::State::Lists=" + OwnLists, "Dir::Cache=" + ownFolder, Index + "own.bin", NoSourceIndex, "Acquire::Languages=none")
        : File.Exists(SystemIndex) ? [] : Spell(Index + Path.Combine(ownFolder, "system.bin"), NoSourceIndex);

    /// <inheritdoc/>
    public IReadOnlyList<DebianSource> Known(CancellationToken token)
    {
        try
        {
            var isOwnThere = Directory.Exists(OwnLists);
            _usesOwn = isOwnThere && Directory.GetLastWriteTimeUtc(OwnLists) > Directory.GetLastWriteTimeUtc(SystemLists);
            var known = Listed(token);
            if (isOwnThere && DebianSource.Newest(known) is null)
            {
                _usesOwn = !_usesOwn;
                var others = Listed(token);
                known = others.Count > 0 ? others : known;
            }

            return known;
        }
        catch (KernelTreeException problem) when (problem.IsProgramMissing)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DebianSource> Refresh(CancellationToken token)
    {
        _usesOwn = true;
        Directory.CreateDirectory(Path.Combine(OwnLists, "partial"));
        Directory.CreateDirectory(Path.Combine(ownFolder, "archives", "partial"));
        var settings = Path.Combine(ownFolder, "apt.conf");
        File.WriteAllText(settings, NoHooks);
        using var apt = ChildProcess.Start("apt-get", ["-qq", "--config-file=" + settings, .. Options, "update"], token);
        apt.ReadOutput();
        var end = apt.End();
        var listed = Listed(token);
        if (listed.Count == 0)
        {
            // One source of many may fail, with or without an exit code: only when nothing came of it does that matter.
            throw new KernelTreeException($"apt-get update gave no {DebianSource.Prefix}* package: {end.Complaint}");
        }

        return listed;
    }

    /// <inheritdoc/>
    public string Download(DebianSource source, string folder, CancellationToken token)
    {
        ChildProcess.Run("apt-get", ["-qq", .. Options, "download", $"{source.Package}={source.Version}"], token, folder);
        return Directory.GetFiles(folder, "*.deb") is [var file] ? file : throw new KernelTreeException($"apt-get download fetched no {source}");
    }

    private static string[] Spell(params string[] options) => [.. options.SelectMany(static o => new[] { "-o", o })];

    private IReadOnlyList<DebianSource> Listed(CancellationToken token)
    {
        Directory.CreateDirectory(ownFolder);
        var names = ChildProcess.Run("apt-cache", [.. Options, "pkgnames", DebianSource.Prefix], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0 ? [] : AptPolicy.Read(ChildProcess.Run("apt-cache", [.. Options, "policy", .. names], token));
    }
}
