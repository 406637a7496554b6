// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Differences;

/// <summary>Compares what two subjects did in the same scenario. Only what both could see is compared.</summary>
public static class TraceComparison
{
    /// <summary>The first difference, or null: events first, then results, then the state after every step.</summary>
    /// <param name="withEvents">False: results and state alone.</param>
    public static TraceDifference? First(Trace one, Trace other, bool withEvents = true)
    {
        var both = one.Observes & other.Observes & (withEvents ? Observes.All : ~Observes.Events);
        var difference = (both & Observes.Events) != 0 ? Events(one, other, (both & Observes.Touches) != 0) : null;
        difference ??= Steps(one, other);
        for (var step = 0; difference is null && step <= one.Steps.Length && !one.HasCrashed && !one.IsEndless; step++)
            difference = States(one.SnapshotAfter(step), other.SnapshotAfter(step), step, both);

        return difference;
    }

    /// <summary>True when two events are the same to everybody outside: how large a list entry or a mask is, is the
    /// kernel's own business.</summary>
    private static bool IsSame(in TraceEvent one, in TraceEvent other)
    {
        if (one == other)
            return true;

        return one.Kind == TraceEventKind.Allocate
            && one.Allocation.Site is AllocationSite.MemlistEntry or AllocationSite.PackageMask
            && one == other.WithAmount(one.Allocation.Amount);
    }

    private static TraceDifference? Events(Trace one, Trace other, bool withTouches)
    {
        var first = one.EventSpan;
        var second = other.EventSpan;
        var (i, j) = (0, 0);
        while (true)
        {
            Skip(first, ref i, withTouches);
            Skip(second, ref j, withTouches);
            if (i == first.Length || j == second.Length || !IsSame(first[i], second[j]))
                break;

            i++;
            j++;
        }

        return i == first.Length && j == second.Length ? null : At(one, i, Text(first, i), Text(second, j));
    }

    /// <summary>A line more in the log is no difference, nor is a touch that only one could see.</summary>
    private static void Skip(ReadOnlySpan<TraceEvent> events, ref int at, bool withTouches)
    {
        while (at < events.Length && (events[at].IsLog(KernelLine.Other)
            || (!withTouches && events[at].Kind == TraceEventKind.ReadAfterFree)))
        {
            at++;
        }
    }

    private static string Text(ReadOnlySpan<TraceEvent> events, int at) =>
        at < events.Length ? EventText.Write(events[at]) : "nothing more";

    private static TraceDifference At(Trace trace, int index, string one, string other)
    {
        var step = index < trace.BootEvents ? 0 : 1;
        while (step > 0 && step <= trace.Steps.Length && index >= trace.Steps[step - 1].EndEvent
            && step < trace.Steps.Length)
        {
            step++;
        }

        return new TraceDifference(step, $"event {index + 1}", one, other);
    }

    private static TraceDifference? Steps(Trace one, Trace other)
    {
        if (one.Steps.Length != other.Steps.Length)
        {
            return new TraceDifference(
                Math.Min(one.Steps.Length, other.Steps.Length) + 1, "steps", $"{one.Steps.Length} taken",
                $"{other.Steps.Length} taken");
        }

        for (var i = 0; i < one.Steps.Length; i++)
        {
            if (one.Steps[i].Result != other.Steps[i].Result)
                return new TraceDifference(i + 1, "result", $"{one.Steps[i].Result}", $"{other.Steps[i].Result}");
        }

        return null;
    }

    private static TraceDifference? States(Snapshot one, Snapshot other, int step, Observes both)
    {
        var difference = (both & Observes.Memblock) != 0
            ? Lists(step, "memblock.memory", one.Memory, other.Memory)
                ?? Lists(step, "memblock.reserved", one.Reserved, other.Reserved)
                ?? Lists(step, "array of memblock", one.Arrays, other.Arrays)
                ?? Lists(step, "answer of memblock", one.Answers, other.Answers) ?? Sizes(step, one, other)
            : null;
        difference ??= (both & Observes.Memlist) != 0 ? Lists(step, "tdx_memlist", one.Memlist, other.Memlist) : null;
        difference ??= (both & Observes.Tdmrs) != 0 ? Tdmrs(step, one.Tdmrs, other.Tdmrs) : null;
        difference ??= Lists(step, "memory block", one.Blocks, other.Blocks)
            ?? Lists(step, "zone", one.Zones, other.Zones) ?? Lists(step, "managed", one.Managed, other.Managed);
        return difference ?? Statics(step, one, other);
    }

    private static TraceDifference? Lists<T>(int step, string what, ReadOnlySpan<T> one, ReadOnlySpan<T> other)
        where T : struct, IEquatable<T>
    {
        var same = one.CommonPrefixLength(other);
        return same == one.Length && same == other.Length
            ? null
            : new TraceDifference(
                step, $"{what}[{same}]", same < one.Length
                    ? $"{one[same]}"
                    : "nothing", same < other.Length ? $"{other[same]}" : "nothing");
    }

    private static TraceDifference? Tdmrs(int step, TdmrTable one, TdmrTable other)
    {
        var difference = Lists(step, "TDMR", one.Tdmrs, other.Tdmrs);
        for (var i = 0; difference is null && i < one.Tdmrs.Length; i++)
        {
            difference =
                Lists(step, $"TDMR {i} reserved area ", one.Reserved(one.Tdmrs[i]), other.Reserved(other.Tdmrs[i]));
        }

        return difference;
    }

    private static TraceDifference? Statics(int step, Snapshot one, Snapshot other)
    {
        (string Name, ulong One, ulong Other)[] all =
        [
            ("X86_FEATURE_TDX_HOST_PLATFORM", one.HasTdxHostCapability
                ? 1UL
                : 0, other.HasTdxHostCapability ? 1UL : 0),
            ("S3", one.CanSuspend ? 1UL : 0, other.CanSuspend ? 1UL : 0),
            ("X86_BUG_TDX_PW_MCE", one.HasErratum ? 1UL : 0, other.HasErratum ? 1UL : 0),
            ("X86_BUG_SEAMRET_INVD_VMCS", one.HasSeamretBug ? 1UL : 0, other.HasSeamretBug ? 1UL : 0),
            ("cache_state_incoherent of CPUs", one.IncoherentCaches, other.IncoherentCaches),
            ("module initialized", one.IsInitialized ? 1UL : 0, other.IsInitialized ? 1UL : 0),
            ("digest of what tdx_get_sysinfo() tells", one.SysinfoDigest, other.SysinfoDigest),
            ("references to VMX", one.VmxUsers, other.VmxUsers),
            ("online CPUs", one.OnlineCpus, other.OnlineCpus),
            ("KeyIDs in use", (ulong)one.KeyIdsInUse, (ulong)other.KeyIdsInUse),
            ("tdx_global_keyid", one.GlobalKeyId, other.GlobalKeyId),
            ("tdx_guest_keyid_start", one.GuestKeyIdStart, other.GuestKeyIdStart),
            ("tdx_nr_guest_keyids", one.GuestKeyIds, other.GuestKeyIds),
        ];
        return Values(step, all);
    }

    private static TraceDifference? Sizes(int step, Snapshot one, Snapshot other) =>
        Values(
            step,
            [
                ("memblock.memory.total_size", one.MemoryBytes, other.MemoryBytes),
                ("memblock.reserved.total_size", one.ReservedBytes, other.ReservedBytes),
                ("warnings of memblock", (ulong)one.MemblockWarnings, (ulong)other.MemblockWarnings),
                ("errno of memblock", (ulong)-one.MemblockErrno, (ulong)-other.MemblockErrno),
            ]);

    private static TraceDifference? Values(int step, ReadOnlySpan<(string Name, ulong One, ulong Other)> all)
    {
        foreach (var (name, first, second) in all)
        {
            if (first != second)
                return new TraceDifference(step, name, $"{first}", $"{second}");
        }

        return null;
    }
}
