// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel.Trees;

/// <summary>Reads the text of "apt-cache policy".</summary>
public static class AptPolicy
{
    private const string Candidate = "  Candidate: ";
    private const string InstalledOnly = "/var/lib/dpkg/status";

    /// <summary>The linux-source packages in it, each in the version that apt would fetch. One that is installed and in no archive is left out.</summary>
    public static IReadOnlyList<DebianSource> Read(string text)
    {
        var found = new List<DebianSource>();
        var package = "";
        DebianSource? candidate = null;
        var isInTable = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.EndsWith(':') && !line.StartsWith(' '))
            {
                package = line[..^1];
                (candidate, isInTable) = (null, false);
            }
            else if (line.StartsWith(Candidate, StringComparison.Ordinal))
            {
                candidate = DebianSource.From(package, line[Candidate.Length..]);
            }
            else if (IsVersion(line))
            {
                isInTable = candidate is not null && line[5..].Split(' ')[0] == candidate.Version;
            }
            else if (isInTable && IsOrigin(line) && !line.EndsWith(InstalledOnly, StringComparison.Ordinal))
            {
                found.Add(candidate!);
                isInTable = false;
            }
        }

        return found;
    }

    /// <summary>"     6.12.117-1 500" or " *** 6.12.117-1 100".</summary>
    private static bool IsVersion(string line) =>
        line.Length > 5 && line[5] != ' ' && (line.StartsWith("     ", StringComparison.Ordinal) || line.StartsWith(" *** ", StringComparison.Ordinal));

    /// <summary>"        500 http://archive.example/debian bookworm/main amd64 Packages".</summary>
    private static bool IsOrigin(string line) => line.StartsWith("       ", StringComparison.Ordinal);
}
