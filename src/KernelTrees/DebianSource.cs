// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;

namespace TdxVerify.KernelTrees;

/// <summary>A package of kernel sources in one version.</summary>
/// <param name="Package">"linux-source-6.12".</param>
/// <param name="Version">Debian's version: "6.12.117-1~deb12u1".</param>
public sealed partial record DebianSource(string Package, string Version)
{
    /// <summary>How the packages' names begin.</summary>
    public const string Prefix = "linux-source-";

    /// <summary>The first kernel with TDX host support.</summary>
    public static Version Oldest { get; } = new(6, 8);

    /// <summary>The kernel's version as far as the package's name tells: 6.12 is behind 6.9.</summary>
    private Version Kernel => System.Version.Parse(Package.AsSpan(Prefix.Length));

    /// <summary>What a package and its version make, or null when it is another package or no version.</summary>
    public static DebianSource? From(string package, string version) =>
        PackageName().IsMatch(package) && VersionText().IsMatch(version) ? new DebianSource(package, version) : null;

    /// <summary>Reads what <see cref="Key"/> gave.</summary>
    public static DebianSource? FromKey(string key) =>
        key.Split('_') is [var package, var version] ? From(package, version) : null;

    /// <summary>The newest kernel with TDX host support, and of that the newest version; null when there is
    /// none.</summary>
    public static DebianSource? Newest(IEnumerable<DebianSource> sources) => sources
        .Where(static s => s.Kernel >= Oldest)
        .OrderBy(static s => s.Kernel)
        .ThenBy(static s => s.Version, Comparer<string>.Create(DebianVersion.Compare))
        .LastOrDefault();

    /// <summary>True when its kernel is of a release: 6.12.117-1 is of 6.12 and of 6.12.117, not of 6.1.</summary>
    public bool IsOf(string release)
    {
        var kernel = Version[(Version.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return kernel.StartsWith(release, StringComparison.Ordinal)
            && (kernel.Length == release.Length || kernel[release.Length] is '.' or '-' or '~' or '+');
    }

    /// <summary>Name of its folder: neither part can have an underscore or a slash.</summary>
    public string Key => $"{Package}_{Version}";

    /// <summary>"linux-source-6.12 6.12.117-1~deb12u1".</summary>
    public override string ToString() => $"{Package} {Version}";

    [GeneratedRegex(@"^linux-source-\d{1,4}(\.\d{1,4}){1,2}\z")]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^[0-9][0-9A-Za-z.+~:-]*\z")]
    private static partial Regex VersionText();
}
