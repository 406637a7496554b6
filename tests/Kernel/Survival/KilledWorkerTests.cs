// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Survival;

/// <summary>Somebody kills workers, an OOM killer say: the result is that of an undisturbed search.</summary>
public sealed class KilledWorkerTests
{
    private const ulong Cases = 60_000;
    private const int Kills = 50;

    // A worker that never lives long enough to run one case proves nothing either way.
    private const int LongestPause = 500;

    [Fact]
    public async Task KillsChangeNothing()
    {
        var options = KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with { Workers = 2, KeepsGoing = true };
        var undisturbed = Text(KernelSearch.Run(options));
        var before = Children.Of(Environment.ProcessId).Count;

        // The search is repeated until it has been hit often enough: how long one takes is the machine's business.
        var random = new Random(1);
        for (var kills = 0; kills < Kills;)
        {
            var search = Task.Run(() => KernelSearch.Run(options));
            while (await Task.WhenAny(search, Task.Delay(random.Next(LongestPause))) != search)
            {
                var workers = Children.Workers(Environment.ProcessId);
                if (workers.Count > 0 && kills < Kills)
                {
                    kills += Kill(workers[random.Next(workers.Count)]) ? 1 : 0;
                }
            }

            Assert.Equal(undisturbed, Text(await search));
        }

        Assert.Equal(before, Children.Of(Environment.ProcessId).Count);
        Assert.Empty(Directory.GetFiles(BuildFolder.Journals));
    }

    [Fact]
    public void HalfAReplyIsNone()
    {
        // It says half a line and goes, every time: nobody takes that for a reply, or for a fault of the search itself.
        var options = KernelSearch.Options(KernelSource.RequireBuilt(), Cases) with
        {
            Worker = KernelSearch.Worker() with { Command = ["/bin/sh", "-c", "read settings; read request; printf '{\"Cases\":10'; echo 'x.c:1: runtime error: odd' >&2; exit 1"] },
        };
        var campaign = new Campaign(options);
        campaign.Run(null, CancellationToken.None);
        Assert.Equal("workers are lost again and again: runtime error: odd", Assert.IsType<WorkerFailedException>(campaign.Failure).Message);
        Assert.Equal(0UL, campaign.Cases);
        Assert.Empty(campaign.Violations);
    }

    private static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Text(Campaign campaign) => string.Join('\n', campaign.Violations
        .Select(static f => $"case {f.Case}: {f.Property} {f.KnownIssue} {f.Verdict} {f.Detail} {string.Join(' ', f.Also ?? [])}")
        .Append($"{campaign.Cases} cases").Append(string.Join(' ', campaign.Coverage.ToNumbers())));
}
