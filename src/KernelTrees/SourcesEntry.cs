// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>A source of packages in apt's sources: sources.list(5).</summary>
/// <param name="Archive">Its URI, as it stands there.</param>
/// <param name="Suites">"trixie trixie-updates", apart; a suite may be a codename.</param>
/// <param name="SignedBy">Paths of keyrings, fingerprints or, over several lines, a key itself; empty when nothing is
/// said.</param>
public sealed record SourcesEntry(
    string Archive, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, string SignedBy)
{
    private const string ArchiveKeys = "debian-archive-";

    /// <summary>Serves a suite of security updates: "bookworm-security", or "buster/updates" of before.</summary>
    public bool IsSecurity =>
        Suites.Any(
            static s => s.EndsWith("-security", StringComparison.Ordinal)
                || s.EndsWith("/updates", StringComparison.Ordinal));

    /// <summary>How much it looks like Debian's own archive. Others have suites and components of the same names; the
    /// signature then decides.</summary>
    public int Likeness =>
        (SignedBy.Contains(ArchiveKeys, StringComparison.Ordinal) ? 8 : SignedBy.Length == 0 ? 2 : 0)
        + (Archive.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal)
            || Archive.TrimEnd('/').EndsWith("/debian-security", StringComparison.Ordinal) ? 2
            : Archive.Contains("debian", StringComparison.Ordinal) ? 1 : 0)
        + (Suites.Any(
            static s => s.EndsWith("-updates", StringComparison.Ordinal)
                || s.EndsWith("-security", StringComparison.Ordinal)) ? 1 : 0);

    /// <summary>The entry most like Debian's archive among those with its main component.</summary>
    /// <param name="entries">In the order of apt's sources: of two alike the first is taken.</param>
    /// <param name="security">True: the archive of security updates. False: the one of all else.</param>
    /// <returns>Null when there is none.</returns>
    public static SourcesEntry? OfDebian(IEnumerable<SourcesEntry> entries, bool security) => entries
        .Where(e => e.Components.Contains("main") && e.IsSecurity == security
            && !e.Archive.StartsWith("cdrom:", StringComparison.OrdinalIgnoreCase))
        .MaxBy(static e => e.Likeness);
}
