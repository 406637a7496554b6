// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;

namespace TdxVerify.KernelTrees;

/// <summary>Which of Debian's kernels is meant: the newest that apt knows, the newest of a suite, or the newest
/// package of a release.</summary>
public sealed partial record DebianChoice
{
    private const string Start = "debian";

    private DebianChoice(string name, string? suite, string? release) =>
        (Name, Suite, Release) = (name, suite, release);

    /// <summary>As the user writes it: "debian", "debian:trixie-backports", "debian:7.3".</summary>
    public string Name { get; }

    /// <summary>"trixie-backports"; null when no suite is named.</summary>
    public string? Suite { get; }

    /// <summary>"7.3" or "7.3.4"; null when no release is named.</summary>
    public string? Release { get; }

    /// <summary>True of a release down to its last number: no newer one will take its place.</summary>
    public bool IsExact => Release?.Split('.').Length == 3;

    /// <summary>Reads a name.</summary>
    /// <returns>Null when it doesn't begin as "debian" does.</returns>
    /// <exception cref="KernelTreeException">What follows the colon is neither a suite nor a release that can have TDX
    /// host support.</exception>
    public static DebianChoice? Read(string name)
    {
        if (name == Start)
            return new DebianChoice(name, null, null);

        if (!name.StartsWith(Start + ":", StringComparison.Ordinal))
            return null;

        var behind = name[(Start.Length + 1)..];
        if (ReleaseText().IsMatch(behind))
        {
            return System.Version.Parse(behind) >= DebianSource.Oldest
                ? new DebianChoice(name, null, behind)
                : throw new KernelTreeException(
                    $"{name}: expected a release of {DebianSource.Oldest} or newer, which have TDX host support, "
                        + $"got '{behind}'");
        }

        return SuiteText().IsMatch(behind)
            ? new DebianChoice(name, behind, null)
            : throw new KernelTreeException(
                $"{name}: expected a suite (as trixie-backports) or a release (as 7.3) behind 'debian:', got "
                    + $"'{behind}'");
    }

    /// <summary>The newest of the packages that are meant; null when there is none.</summary>
    public DebianSource? Newest(IEnumerable<DebianSource> sources) =>
        DebianSource.Newest(Release is null ? sources : sources.Where(s => s.IsOf(Release)));

    [GeneratedRegex(@"^\d{1,4}(\.\d{1,4}){1,2}\z")]
    private static partial Regex ReleaseText();

    [GeneratedRegex(@"^[a-z][a-z0-9.+-]*\z")]
    private static partial Regex SuiteText();
}
