// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Metamorphic;

/// <summary>A case and the same memory without a flag that says nothing about its being convertible.</summary>
internal static class UnflaggedCase
{
    /// <summary>Takes the flags away. A scenario with memory blocks is left alone, for zones do depend on flags, and
    /// so is one whose memory is no whole pages: a page that a flag divides is in no list.</summary>
    public static bool Clear(Scenario scenario)
    {
        var machine = scenario.Machine;
        var marks = machine.MemblockCalls.RemoveAll(
            static c => c.Kind is MemblockCallKind.MarkKhoScratch or MemblockCallKind.MarkMirror);
        for (var i = 0; i < machine.MemblockCalls.Count; i++)
        {
            var call = machine.MemblockCalls[i];
            if ((call.Flags & MemblockFlags.Mirror) == 0 || call.Kind != MemblockCallKind.Add)
                continue;

            machine.MemblockCalls[i] = call with { Flags = call.Flags & ~MemblockFlags.Mirror };
            marks++;
        }

        marks += machine.Mirrored.Count;
        machine.Mirrored.Clear();
        return marks > 0 && IsWhole(machine) && !scenario.HasHotplug && scenario.Faults.FailingKmalloc == 0
            && scenario.Faults.FailingContig == 0 && scenario.Faults.FailingArray == 0;
    }

    private static bool IsWhole(Machine machine)
    {
        ulong edges = 0;
        foreach (var call in machine.MemblockCalls)
            edges |= call.Address | call.Size;

        foreach (var entry in machine.E820)
            edges |= entry.Address | entry.Size;

        return Pages.IsAligned(edges, Sizes.Page4K);
    }

    /// <summary>The same memory must be listed (else there are bytes at fault), in the same TDMRs, and may go online
    /// alike.</summary>
    public static Verdict Judge(CaseFacts facts, CaseFacts changed)
    {
        if (!facts.EnableRan || !changed.EnableRan || facts.Trace.HasEnded || changed.Trace.HasEnded)
            return Verdict.NotObservable;

        var step = facts.EnableStep + 1;
        if (facts.Succeeded && changed.Succeeded && FirstDifference(facts.After, changed.After) is { } range)
            return Verdict.BrokenAt(range).At(step);

        if (facts.Result != changed.Result || !HaveSameTdmrs(facts, changed))
            return Verdict.BrokenBy((ulong)changed.Tdmrs.Length, (ulong)facts.Tdmrs.Length).At(step);

        for (var i = 0; i < facts.Trace.Steps.Length && i < changed.Trace.Steps.Length; i++)
        {
            if (facts.Trace.Steps[i].Step.Kind == StepKind.GoingOnline
                && facts.Trace.Steps[i].Result != changed.Trace.Steps[i].Result)
            {
                return Verdict.BrokenBy((ulong)changed.Tdmrs.Length, (ulong)facts.Tdmrs.Length).At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    private static bool HaveSameTdmrs(CaseFacts facts, CaseFacts changed)
    {
        if (facts.Tdmrs.Length != changed.Tdmrs.Length)
            return false;

        for (var i = 0; i < facts.Tdmrs.Length; i++)
        {
            if (facts.Tdmrs[i].Range != changed.Tdmrs[i].Range)
                return false;
        }

        return true;
    }

    /// <summary>Bytes that only one of two lists has; entries that touch are one.</summary>
    private static AddressRange? FirstDifference(Snapshot one, Snapshot other)
    {
        int i = 0, j = 0;
        while (i < one.Memlist.Length || j < other.Memlist.Length)
        {
            var first = Next(one.Memlist, ref i);
            var second = Next(other.Memlist, ref j);
            if (first != second)
                return first.IsEmpty ? second : first;
        }

        return null;
    }

    private static AddressRange Next(ReadOnlySpan<PfnRange> entries, ref int at)
    {
        if (at >= entries.Length)
            return default;

        var range = entries[at++].Bytes;
        while (at < entries.Length && entries[at].Bytes.Start == range.End)
            range = new AddressRange(range.Start, entries[at++].Bytes.End);

        return range;
    }
}
