// SPDX-License-Identifier: MIT

using TdxVerify.Model;

namespace TdxVerify.Diagnosis;

/// <summary>The memory whose loss can change what becomes of a machine.</summary>
internal sealed class SacrificeCandidates(Machine machine, KernelPolicy policy)
{
    private const int MaxPieces = 64;

    /// <summary>Memory that no machine may have: what is not convertible; a page of every range across touching CMRs
    /// where that is refused.</summary>
    public IReadOnlyList<AddressRange> Required(Prediction prediction)
    {
        if (policy.Holes == HoleSource.Cmrs && !policy.RequiresSingleCmr)
            return [];

        var outside = MemoryOf(prediction).Except(machine.ConvertibleMemory());
        return policy.RequiresSingleCmr ? RangeSet.Of([.. outside, .. PagesAtCmrEnds(prediction)]) : outside;
    }

    /// <summary>What the failure itself asks for; empty when giving up memory can't help.</summary>
    public List<AddressRange> AskedFor(Prediction prediction)
    {
        if (prediction.Find(KernelLine.TdmrsExhausted) is not null)
        {
            return [.. OfTdmrs(
                prediction, prediction.NeededTdmrs, prediction.TdmrsNeeded - prediction.Limits.MaxTdmrs)];
        }

        if (prediction.Find(KernelLine.ReservedAreasExhausted) is not { } areas)
            return [];

        var tdmr = prediction.Tdmrs.First(t => t.Range.Start == areas.Log.First);
        var surplus = Math.Max(tdmr.Used - prediction.Limits.MaxReservedPerTdmr, 1);
        var islands = policy.Holes == HoleSource.Memlist
            ? Islands(prediction, tdmr).OrderBy(static r => r.Size).Take(surplus).ToList()
            : [];

        // Too few islands: then PAMTs of other TDMRs are what fills this one.
        return islands.Count == surplus
            ? islands
            : [.. islands,
                .. OfTdmrs(prediction, prediction.NeededTdmrs.Where(r => r != tdmr.Range), surplus - islands.Count)];
    }

    public IReadOnlyList<AddressRange> Small(Prediction prediction)
    {
        var memory = MemoryOf(prediction);
        var pieces = new List<AddressRange>();
        if (prediction.Find(KernelLine.ReservedAreasExhausted) is { } areas)
        {
            var failing = prediction.Tdmrs.First(t => t.Range.Start == areas.Log.First);
            pieces.AddRange(Islands(prediction, failing));
            pieces.AddRange(PagesBelowGibs(failing, memory));
        }

        pieces.AddRange(prediction.NeededTdmrs.SelectMany(memory.Within));
        pieces.AddRange(EntryParts(prediction));
        return [.. pieces.Where(static p => !p.IsEmpty).Distinct().OrderBy(static p => p.Size).Take(MaxPieces)];
    }

    private static RangeSet MemoryOf(Prediction prediction) =>
        RangeSet.Of(prediction.Memlist.Select(static e => e.Bytes));

    /// <summary>Memory with a hole on either side: without it two holes are one.</summary>
    private static IEnumerable<AddressRange> Islands(Prediction prediction, TdmrUse tdmr) =>
        MemoryOf(prediction).Within(tdmr.Range).Where(r => r.Start > tdmr.Range.Start && r.End < tdmr.Range.End);

    /// <summary>A page in front of a GiB inside a range makes two TDMRs of one, which share its reserved areas; one
    /// such page between two areas.</summary>
    private static IEnumerable<AddressRange> PagesBelowGibs(TdmrUse tdmr, RangeSet memory)
    {
        foreach (var run in memory.Except(RangeSet.Of(tdmr.Pamts)).Within(tdmr.Range))
        {
            var edge = Pages.AlignUp(run.Start + Sizes.Page4K, Sizes.Page1G);
            if (edge < run.End && edge > tdmr.Range.Start)
                yield return new AddressRange(edge - Sizes.Page4K, edge);
        }
    }

    private IEnumerable<AddressRange> PagesAtCmrEnds(Prediction prediction)
    {
        var ends = machine.Cmrs.Where(static c => c.Size != 0).Select(static c => c.End).Distinct().Order().ToList();
        var next = 0;
        foreach (var entry in prediction.Memlist)
        {
            for (; next < ends.Count && ends[next] < entry.Bytes.End; next++)
            {
                if (ends[next] > entry.Bytes.Start)
                    yield return new AddressRange(ends[next] - Sizes.Page4K, ends[next]);
            }
        }
    }

    /// <summary>All the memory of the TDMRs that hold the least.</summary>
    private static IEnumerable<AddressRange> OfTdmrs(Prediction prediction, IEnumerable<AddressRange> tdmrs, int count)
    {
        var wanted = tdmrs.ToList();
        var ends = wanted.ConvertAll(static t => t.End);
        return wanted.SelectMany(MemoryOf(prediction).Within)
            .GroupBy(piece => ends.BinarySearch(piece.End) is >= 0 and var at ? at : ~ends.BinarySearch(piece.End))
            .Select(static m => m.ToList()).OrderBy(RangeSet.TotalBytes).Take(Math.Max(count, 1))
            .SelectMany(static m => m);
    }

    /// <summary>The part of an entry that needs a TDMR of its own: without it, what else lies there may have room in a
    /// neighbour.</summary>
    private static IEnumerable<AddressRange> EntryParts(Prediction prediction)
    {
        ulong covered = 0;
        foreach (var entry in prediction.Memlist)
        {
            yield return new AddressRange(Math.Max(entry.Bytes.Start, covered), entry.Bytes.End);
            covered = Math.Max(covered, Pages.AlignUp(entry.Bytes.End, Sizes.Page1G));
        }
    }
}
