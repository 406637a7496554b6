// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;

namespace TdxVerify.Search.Workers;

/// <summary>What a worker was doing when the whole search was killed: its journal was left behind.</summary>
/// <param name="Search">The command line of the search.</param>
/// <param name="Case">The numbered case that was being run; null: a finding was being shrunk, which is on disk as it
/// was found.</param>
public sealed record LostSearch(string Search, ulong? Case)
{
    /// <summary>Takes what killed searches have left in a folder; what was idle, and what can't be read, is only
    /// tidied away.</summary>
    /// <param name="folder">Where journals lie; it need not exist.</param>
    public static IReadOnlyList<LostSearch> Take(string folder)
    {
        List<LostSearch> lost = [];
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var owner = Path.GetFileName(path).Split('-')[0];
            if (!int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || IsAlive(id))
                continue;

            try
            {
                using (var journal = new Journal(path))
                {
                    if (journal.Case is not null || journal.IsTrying)
                        lost.Add(new LostSearch(journal.Search, journal.Case));
                }

                File.Delete(path);
            }
            catch (Exception unreadable) when (
                unreadable is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Another search takes it at the same time, or it is no journal.
            }
        }

        return lost;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
