// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Platform;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>Searches the smallest memory that a machine can give up to make TDX initialise, and tries it on the model.</summary>
/// <param name="scenario">The machine; it is the same afterwards.</param>
/// <param name="profile">The kernel's rules.</param>
internal sealed class MemoryGiver(Scenario scenario, HostProfile profile)
{
    private const int MostRounds = 70;

    private readonly List<AddressRange> _given = [];

    /// <summary>The memory to give up, or null when none helps.</summary>
    public IReadOnlyList<AddressRange>? Search(Fate fate)
    {
        for (var round = 0; round < MostRounds && !fate.Succeeds; round++)
        {
            var more = Propose(fate);
            if (more.Count == 0)
            {
                return null;
            }

            _given.AddRange(more);
            fate = PredictWithout();
        }

        return fate.Succeeds ? RangeSets.Normalize(_given) : null;
    }

    /// <summary>The words to boot with.</summary>
    public static string Parameter(IReadOnlyList<AddressRange> given) =>
        string.Join(' ', given.Select(static r => MemoryParameters.Reserve(r.Start, r.Size)));

    private Fate PredictWithout()
    {
        var machine = scenario.Machine;
        var options = machine.Options;
        var calls = machine.MemblockOperations.Count;
        if (machine.E820.Count > 0)
        {
            machine.Options = options with { MemoryWords = (options.MemoryWords + " " + Parameter(_given)).Trim() };
        }
        else
        {
            machine.MemblockOperations.AddRange(_given.Select(static r =>
                new MemblockOperation(MemblockOperationKind.Remove, r.Start, r.Size, PfnRange.MaxNumnodes, 0)));
        }

        try
        {
            return FatePrediction.Predict(scenario, profile);
        }
        finally
        {
            machine.Options = options;
            machine.MemblockOperations.RemoveRange(calls, machine.MemblockOperations.Count - calls);
        }
    }

    private List<AddressRange> Propose(Fate fate)
    {
        if (fate.Find(KernelLine.ReservedAreasExhausted) is { } areas && profile.Rules.Holes == HoleSource.Memlist)
        {
            var tdmr = fate.Tdmrs.First(t => t.Range.Start == areas.B);
            var surplus = Math.Max(tdmr.Used - fate.Limits.MaxReservedPerTdmr, 1);
            var islands = SmallestIslands(fate, tdmr, surplus);

            // Too few islands: then PAMTs of other TDMRs are what fills this one.
            return islands.Count == surplus ? islands : [.. islands, .. SmallestTdmrs(fate, fate.Tdmrs.Where(t => t != tdmr), surplus - islands.Count)];
        }

        if (fate.Find(KernelLine.TdmrsExhausted) is not null)
        {
            return SmallestTdmrs(fate, fate.Tdmrs, fate.TdmrsNeeded - fate.Limits.MaxTdmrs);
        }

        var outside = RangeSets.Subtract(MemoryOf(fate), ConvertibleMemory());
        return outside.Count == 0 && fate.Find(KernelLine.MemoryNotInCmr) is { } range ? PagesAtCmrEnds(range.B, range.C) : outside;
    }

    private static List<AddressRange> MemoryOf(Fate fate) => RangeSets.Normalize(fate.Memlist.Select(static e => e.Bytes));

    /// <summary>A range across touching CMRs: without the last page of a CMR it is two ranges, each in a single one.</summary>
    private List<AddressRange> PagesAtCmrEnds(ulong start, ulong end) =>
        scenario.Machine.Cmrs.Where(c => c.Size != 0 && c.End > start && c.End < end)
            .Select(static c => new AddressRange(c.End - Sizes.Page4K, c.End)).ToList();

    private List<AddressRange> ConvertibleMemory() =>
        RangeSets.Normalize(scenario.Machine.Cmrs.Where(static c => c.Size != 0).Select(static c => AddressRange.OfSize(c.Base, c.Size)));

    /// <summary>Memory with a hole on either side: giving it up makes one hole of two. Every other memory of a TDMR saves nothing.</summary>
    private static List<AddressRange> SmallestIslands(Fate fate, TdmrUse tdmr, int count)
    {
        var inside = RangeSets.Intersect(MemoryOf(fate), [tdmr.Range]);
        return inside.Where(r => r.Start > tdmr.Range.Start && r.End < tdmr.Range.End)
            .OrderBy(static r => r.Size).ThenBy(static r => r.Start).Take(count).ToList();
    }

    /// <summary>All the memory of the TDMRs that hold the least.</summary>
    private static List<AddressRange> SmallestTdmrs(Fate fate, IEnumerable<TdmrUse> tdmrs, int count)
    {
        var memory = MemoryOf(fate);
        return tdmrs.Select(t => RangeSets.Intersect(memory, [t.Range])).Where(static m => m.Count > 0)
            .OrderBy(RangeSets.TotalBytes).Take(Math.Max(count, 1)).SelectMany(static m => m).ToList();
    }
}
