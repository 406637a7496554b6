// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Scenarios;

namespace TdxVerify.Search.Workers;

/// <summary>Trials in a process of their own; one that is lost is a breach, and the next trial gets a fresh process.</summary>
/// <param name="options">How scenarios are judged.</param>
internal sealed class WorkerTrial(SweepOptions options) : ITrial
{
    private WorkerProcess? _worker;

    /// <summary>The breach of a scenario that its process did not survive.</summary>
    public static Breach Lost(string how) => new(
        Statements.Find("K1")!, new Verdict(VerdictKind.Broken, Got: (ulong)KernelDeath.Lost), null, how);

    /// <inheritdoc/>
    public TrialResult Try(Scenario scenario)
    {
        var text = ScenarioWriter.Write(scenario);
        var (result, wasKilled) = TryOnce(text);

        // SIGKILL comes from outside unless it comes twice.
        return wasKilled ? TryOnce(text).Result : result;
    }

    /// <inheritdoc/>
    public void Dispose() => _worker?.Dispose();

    private (TrialResult Result, bool WasKilled) TryOnce(string scenario)
    {
        _worker ??= new WorkerProcess(options);
        var reply = _worker.Ask(new Request(0, 0, scenario), CancellationToken.None);
        if (reply is not null)
        {
            return (new TrialResult([.. reply.Found.Select(static f => f.ToFound().Breach)], Ranges(reply.Memory), Ranges(reply.Pamts), reply.Trace), false);
        }

        var (how, wasKilled) = (_worker.End, _worker.WasKilled);
        _worker.Dispose();
        _worker = null;
        return (new TrialResult([Lost(how)], [], [], []), wasKilled);
    }

    private static List<AddressRange> Ranges(IReadOnlyList<ulong> numbers) =>
        [.. numbers.Chunk(2).Select(static pair => new AddressRange(pair[0], pair[1]))];
}
