// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Calls of apt with one set of options, none of which needs root.</summary>
/// <param name="options">"Dir::State=/somewhere" and the like, as apt.conf(5) names them.</param>
public sealed class AptCalls(params IEnumerable<string> options)
{
    // The system's hooks clean and announce its own lists, and fail without root. Only a file can clear them.
    private const string NoHooks =
        "#clear APT::Update::Pre-Invoke;\n#clear APT::Update::Post-Invoke;\n#clear "
            + "APT::Update::Post-Invoke-Success;\n";

    private readonly string[] _options = [.. options.SelectMany(static o => new[] { "-o", o })];

    /// <summary>The linux-source packages that the lists name.</summary>
    /// <param name="everyVersion">As <see cref="AptPolicy.Read"/> has it.</param>
    public IReadOnlyList<DebianSource> Listed(bool everyVersion, CancellationToken token)
    {
        var names = ChildProcess.Run("apt-cache", [.. _options, "pkgnames", DebianSource.Prefix], token)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0
            ? []
            : AptPolicy.Read(ChildProcess.Run("apt-cache", [.. _options, "policy", .. names], token), everyVersion);
    }

    /// <summary>Fetches lists.</summary>
    /// <param name="folder">Of the state and cache that the options name; it is made when it is not there.</param>
    public ChildEnd Update(string folder, CancellationToken token)
    {
        Directory.CreateDirectory(Path.Combine(folder, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(folder, "archives", "partial"));
        var settings = Path.Combine(folder, "apt.conf");
        File.WriteAllText(settings, NoHooks);
        using var apt =
            ChildProcess.Start("apt-get", ["-qq", "--config-file=" + settings, .. _options, "update"], token);
        apt.ReadOutput();
        return apt.End();
    }

    /// <summary>Fetches a package into a folder.</summary>
    public string Download(DebianSource source, string folder, CancellationToken token) =>
        Download(source.Package, source.Version, folder, token);

    /// <summary>Fetches the kernel that was built of a source: newer releases have a package of its own
    /// for it.</summary>
    public string DownloadImage(DebianSource source, string folder, CancellationToken token)
    {
        const string Flavour = "-cloud-amd64";
        var release = source.Version.Split('-')[0];
        string[] prefixes = [$"linux-binary-{release}+", $"linux-image-{release}+"];
        var package = prefixes
            .SelectMany(
                p => ChildProcess.Run("apt-cache", [.. _options, "pkgnames", p], token)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(static n => n.EndsWith(Flavour, StringComparison.Ordinal))
            ?? throw new KernelTreeException($"expected a package {prefixes[1]}*{Flavour}, but apt names none");
        return Download(package, source.Version, folder, token);
    }

    private string Download(string package, string version, string folder, CancellationToken token)
    {
        ChildProcess.Run("apt-get", ["-qq", .. _options, "download", $"{package}={version}"], token, folder);
        return Directory.GetFiles(folder, "*.deb") is [var file]
            ? file
            : throw new KernelTreeException($"apt-get download fetched no {package} {version}");
    }

    /// <summary>What apt's configuration says.</summary>
    /// <param name="names">"Dir::Etc::sourcelist/f": a path in full; or another name of apt.conf(5).</param>
    /// <returns>A value a name; empty when it isn't set.</returns>
    public string[] Configured(CancellationToken token, params string[] names)
    {
        // apt-config prints VARIABLE='VALUE', with no line for what isn't set.
        var lines =
            ChildProcess.Run(
                "apt-config", [.. _options, "shell", .. names.SelectMany(static (n, i) => new[] { $"V{i}", n })],
                token).Split('\n');
        return [.. names.Select(
            (_, i) => Array.Find(lines, l => l.StartsWith($"V{i}='", StringComparison.Ordinal)) is { } line
                ? line[(line.IndexOf('\'') + 1)..].TrimEnd('\'')
                : "")];
    }
}
