// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>A suite of Debian's archive, whether or not the system's apt knows it: the archive's address is the
/// system's, but lists, state and cache are our own.</summary>
/// <param name="ownFolder">Where those go. It is made when it is needed.</param>
/// <param name="system">The system's apt, or in a test one with other sources.</param>
public sealed class AptSuite(string ownFolder, string suite, AptCalls system) : IPackageArchive
{
    /// <summary>Lists that are older are fetched again. Debian's archive changes four times a day.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    private const string Security = "-security";

    public string Name => suite;

    // Its time is that of the lists; what it holds is where they came from.
    private string Stamp => Path.Combine(ownFolder, "fetched.sources");

    // The same when the archive had no such suite.
    private string Missing => Path.Combine(ownFolder, "missing.sources");
    private string Sources => Path.Combine(ownFolder, "own.sources");

    // The system's state of packages, its preferences and its default release don't count: the newest of this suite is
    // meant.
    private AptCalls Apt => new(
        "Dir::State=" + ownFolder,
        "Dir::State::lists=" + Path.Combine(ownFolder, "lists"),
        "Dir::State::status=" + Path.Combine(ownFolder, "status"),
        "Dir::Cache=" + ownFolder,
        "Dir::Cache::pkgcache=own.bin",
        "Dir::Cache::srcpkgcache=",
        "Dir::Etc::sourcelist=" + Sources,
        "Dir::Etc::sourceparts=-",
        "Dir::Etc::preferences=/dev/null",
        "Dir::Etc::preferencesparts=/dev/null",
        "APT::Default-Release=",
        "APT::Update::Error-Mode=any",
        "APT::Get::AllowUnauthenticated=false",
        "Acquire::AllowInsecureRepositories=false",
        "Acquire::AllowWeakRepositories=false",
        "Acquire::AllowDowngradeToInsecureRepositories=false",
        "Acquire::GzipIndexes=true");

    public IReadOnlyList<DebianSource>? Known(CancellationToken token)
    {
        try
        {
            return IsFresh(Missing, token) ? throw NoSuite()
                : IsFresh(Stamp, token) ? Apt.Listed(everyVersion: true, token)
                : null;
        }
        catch (KernelTreeException problem) when (!problem.IsSuiteMissing)
        {
            // No apt, or sources that name no archive any more: Refresh says so.
            return null;
        }
    }

    public IReadOnlyList<DebianSource> Refresh(CancellationToken token)
    {
        var text = SourcesOf(token);
        Directory.CreateDirectory(ownFolder);
        File.Delete(Stamp);
        File.Delete(Missing);
        File.WriteAllText(Sources, text);
        File.WriteAllText(Path.Combine(ownFolder, "status"), "");
        var end = Apt.Update(ownFolder, token);
        if (end.Errors.Contains("does not have a Release file", StringComparison.Ordinal))
        {
            File.WriteAllText(Missing, text);
            throw NoSuite();
        }

        end.Require();
        File.WriteAllText(Stamp, text);
        return Apt.Listed(everyVersion: true, token);
    }

    public string Download(DebianSource source, string folder, CancellationToken token) =>
        Apt.Download(source, folder, token);

    public string DownloadImage(DebianSource source, string folder, CancellationToken token) =>
        Apt.DownloadImage(source, folder, token);

    private bool IsFresh(string stamp, CancellationToken token)
    {
        // A clock that was set back makes no list young.
        var age = DateTime.UtcNow - File.GetLastWriteTimeUtc(stamp);
        try
        {
            return age >= TimeSpan.Zero && age < MaxAge && File.ReadAllText(stamp) == SourcesOf(token);
        }
        catch (FileNotFoundException)
        {
            // Never written, or another process fetches anew.
            return false;
        }
    }

    private KernelTreeException NoArchive(bool isSecurity)
    {
        var line = isSecurity
            ? $"expected apt's sources to name Debian's archive of security updates, which has {suite}, but they don't"
            : "expected apt's sources to name Debian's archive with its component main, but they don't";
        return new(line) { IsSuiteMissing = isSecurity };
    }

    private KernelTreeException NoSuite() =>
        new($"expected a suite of Debian's archive (as trixie-backports) or a release (as 7.3), got '{suite}', "
            + $"which the archive of apt's sources doesn't have")
        { IsSuiteMissing = true };

    /// <summary>A stanza for this suite alone, of the system's own archive and keys. Packages that are for every
    /// architecture stand in the lists of each.</summary>
    private string SourcesOf(CancellationToken token)
    {
        var configured =
            system.Configured(token, "Dir::Etc::sourcelist/f", "Dir::Etc::sourceparts/d", "APT::Architecture");
        var isSecurity = suite.EndsWith(Security, StringComparison.Ordinal);
        var entry = SourcesEntry.OfDebian(SystemSources.Read(configured[0], configured[1]), isSecurity)
            ?? throw NoArchive(isSecurity);
        return $"""
            Types: deb
            URIs: {entry.Archive}
            Suites: {suite}
            Components: main
            Architectures: {configured[2]}
            Targets: Packages
            Languages: none
            Signed-By: {ArchiveKeyring.Of(entry.SignedBy, ArchiveKeyring.OfDebian)}

            """;
    }
}
