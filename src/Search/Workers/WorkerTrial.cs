// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Scenarios;

namespace TdxVerify.Search.Workers;

/// <summary>Trials in a process of their own; one that is lost is a breach, and the next trial gets a fresh process.</summary>
/// <param name="options">How scenarios are judged.</param>
internal sealed class WorkerTrial(CampaignPlan options) : ITrial
{
    /// <summary>SIGKILL comes from outside, an OOM killer's say: only so many in a row, each amid the scenario, are the scenario's own.</summary>
    private const int KillsThatCount = 20;

    /// <summary>How often a scenario is begun anew.</summary>
    private const int MaxLosses = 100;

    private WorkerProcess? _worker;

    /// <summary>The breach of a scenario that its process did not survive.</summary>
    public static Breach Lost(string how) => new(
        PropertyCatalog.Find("K1")!, new Verdict(VerdictKind.Broken, Got: (ulong)CrashKind.Lost), null, how);

    /// <inheritdoc/>
    public Evaluation Try(Scenario scenario)
    {
        var text = ScenarioWriter.Write(scenario);
        var kills = 0;
        for (var losses = 0; losses < MaxLosses; losses++)
        {
            _worker ??= new WorkerProcess(options);
            if (_worker.Ask(new Request(0, 0, text), CancellationToken.None) is { } reply)
            {
                return new Evaluation([.. reply.Found.Select(static f => f.ToFound().Breach)], Ranges(reply.Memory), Ranges(reply.Pamts), reply.Trace);
            }

            var (how, isAmid, wasKilled) = (_worker.End, _worker.WasTrying, _worker.WasKilled);
            _worker.Dispose();
            _worker = null;
            kills += isAmid && wasKilled ? 1 : 0;
            if (isAmid && (!wasKilled || kills == KillsThatCount))
            {
                return new Evaluation([Lost(how)], [], [], []);
            }
        }

        throw new WorkerFailedException("workers are lost again and again before they try a scenario");
    }

    /// <inheritdoc/>
    public void Dispose() => _worker?.Dispose();

    private static List<AddressRange> Ranges(IReadOnlyList<ulong> numbers) =>
        [.. numbers.Chunk(2).Select(static pair => new AddressRange(pair[0], pair[1]))];
}
