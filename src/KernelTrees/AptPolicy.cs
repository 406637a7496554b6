// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Reads the text of "apt-cache policy".</summary>
public static class AptPolicy
{
    private const string Candidate = "  Candidate: ";
    private const string InstalledOnly = "/var/lib/dpkg/status";

    /// <summary>The linux-source packages in it. One that is installed and in no archive is left out.</summary>
    /// <param name="everyVersion">False: each in the version that apt would fetch. True: in every version that an
    /// archive has, whatever is preferred.</param>
    public static IReadOnlyList<DebianSource> Read(string text, bool everyVersion = false)
    {
        var found = new List<DebianSource>();
        var package = "";
        var candidate = "";
        DebianSource? listed = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.EndsWith(':') && !line.StartsWith(' '))
            {
                package = line[..^1];
                (candidate, listed) = ("", null);
            }
            else if (line.StartsWith(Candidate, StringComparison.Ordinal))
            {
                candidate = line[Candidate.Length..];
            }
            else if (IsVersion(line))
            {
                var version = line[5..].Split(' ')[0];
                listed = everyVersion || version == candidate ? DebianSource.From(package, version) : null;
            }
            else if (listed is not null && IsOrigin(line) && !line.EndsWith(InstalledOnly, StringComparison.Ordinal))
            {
                found.Add(listed);
                listed = null;
            }
        }

        return found;
    }

    /// <summary>"     6.12.117-1 500" or " *** 6.12.117-1 100".</summary>
    private static bool IsVersion(string line) =>
        line.Length > 5 && line[5] != ' '
            && (line.StartsWith("     ", StringComparison.Ordinal)
            || line.StartsWith(" *** ", StringComparison.Ordinal));

    /// <summary>"        500 http://archive.example/debian bookworm/main amd64 Packages".</summary>
    private static bool IsOrigin(string line) => line.StartsWith("       ", StringComparison.Ordinal);
}
