// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Search;

/// <summary>What one scenario led to.</summary>
/// <param name="Breaches">What it breaks.</param>
/// <param name="Memory">Memory after its last step.</param>
/// <param name="Pamts">PAMTs that TDH.SYS.CONFIG was told of.</param>
/// <param name="Trace">The trace in words, where it is asked for.</param>
public sealed record Evaluation(IReadOnlyList<Breach> Breaches, IReadOnlyList<AddressRange> Memory, IReadOnlyList<AddressRange> Pamts, IReadOnlyList<string> Trace)
{
    /// <summary>What a judge found on the case that it ran last.</summary>
    public static Evaluation Of(CaseJudge judge) =>
        new([.. judge.Judge(withMetamorphic: true)], MemoryOf(judge.View.Trace), PamtsOf(judge.View.Trace), []);

    /// <summary>Memory after the last step that came back.</summary>
    internal static List<AddressRange> MemoryOf(Trace trace)
    {
        var memory = new List<AddressRange>();
        if (trace.HasState)
        {
            foreach (ref readonly var region in trace.SnapshotAfter(trace.Steps.Length).Memory)
            {
                memory.Add(region.Range);
            }
        }

        return memory;
    }

    /// <summary>PAMT chunks of the table that TDH.SYS.CONFIG was given.</summary>
    internal static List<AddressRange> PamtsOf(Trace trace)
    {
        var pamts = new List<AddressRange>();
        foreach (ref readonly var tdmr in trace.Configured.Tdmrs)
        {
            pamts.Add(new AddressRange(tdmr.Pamt4K.Base, tdmr.Pamt1G.Range.End));
        }

        return pamts;
    }
}

/// <summary>Runs scenarios that nobody numbered: those of a shrinker, or of a file.</summary>
public interface ITrial : IDisposable
{
    /// <summary>Runs and judges a scenario.</summary>
    Evaluation Try(Scenario scenario);
}

/// <summary>Trials in this process.</summary>
/// <param name="judge">Who runs and judges.</param>
public sealed class LocalTrial(CaseJudge judge) : ITrial
{
    /// <inheritdoc/>
    public Evaluation Try(Scenario scenario)
    {
        judge.Run(scenario);
        return Evaluation.Of(judge);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A judge holds memory only.
    }
}
