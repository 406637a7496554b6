// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Where to look for one of Debian's kernels, in this order.</summary>
internal sealed class DebianArchives(string ownFolder)
{
    // For a release that apt's sources don't have. Small lists first; what the archive hasn't yet, or no longer, is
    // passed over.
    private static readonly string[] SuitesOfReleases =
        ["trixie-backports", "forky-backports", "sid", "experimental", "trixie-security", "trixie", "forky",
            "bookworm-backports", "bookworm-security"];

    public IReadOnlyList<IPackageArchive> For(DebianChoice choice) => choice switch
    {
        { Suite: { } suite } => [Suite(suite)],
        { Release: not null } => [new AptArchive(ownFolder, everyVersion: true), .. SuitesOfReleases.Select(Suite)],
        _ => [new AptArchive(ownFolder, everyVersion: false)],
    };

    private AptSuite Suite(string suite) => new(Path.Combine(ownFolder, "suites", suite), suite, new AptCalls());
}
