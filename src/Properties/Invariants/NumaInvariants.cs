// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family N: which nodes serve TDX guests, and what becomes of memory policies.</summary>
internal static class NumaInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("N1", "a TDX guest's page comes from a node all of whose managed memory is TDX memory", Safety,
            "mail: TDX-capable and other nodes; numactl --membind=6 qemu -tdx", Evidence.Count,
            static v => OnGuests(v, PageIsCapable)),
        new("N2", "a TDX guest's memory policy is never silently ignored or narrowed", Safety,
            "mail: silently changing the mempolicy", Evidence.Count, static v => OnGuests(v, PolicyIsKept)),
        new("N3", "a node counts as TDX-capable if and only if all of its managed memory is in tdx_memlist", Contract,
            "mail: which nodes are TDX-capable", Evidence.Count, static v => OnGuests(v, CapabilityIsTrue)),
        new("N4", "a policy that was accepted, of nodes with memory, can be met", Contract,
            "set_mempolicy(2): MPOL_BIND; mail: -ENOMEM for an application that can't know", Evidence.Result,
            static v => OnGuests(v, AcceptedIsMet)),
        new("N5", "an application that knows nothing of TDX gets its guest where one node of its policy can serve it",
            Contract, "mail: old applications and numactl without -tdx", Evidence.Result,
                static v => OnGuests(v, OldApplicationsWork)),
        new("N6", "a step of a guest is one request, and tells what became of it", Contract,
            "set_mempolicy(2), mbind(2)", Evidence.Result, OneRequestAStep),
    ];

    private static Verdict OneRequestAStep(CaseFacts facts)
    {
        if (!facts.Trace.HasState || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        for (var i = 0; i < facts.Trace.Steps.Length; i++)
        {
            ref readonly var step = ref facts.Trace.Steps[i];
            var isGuest = step.Step.Kind is StepKind.GuestPolicy or StepKind.GuestVmaPolicy or StepKind.GuestPage;
            var (requests, result) = (0, 0);
            for (var at = step.FirstEvent; at < step.EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                if (e.Kind == TraceEventKind.Guest && step.Owns(e))
                    (requests, result) = (requests + 1, e.Guest.Result);
            }

            if (requests != (isGuest ? 1 : 0) || (isGuest && result != step.Result))
                return Verdict.BrokenBy(unchecked((ulong)step.Result), unchecked((ulong)result)).At(i + 1);
        }

        return Verdict.Holds;
    }

    private delegate Verdict GuestRule(Snapshot state, in TraceEvent e);

    private static Verdict OnGuests(CaseFacts facts, GuestRule rule)
    {
        // A guest needs TDX.
        if (!facts.Trace.HasState || facts.Trace.SnapshotAfter(0).Blocks.Length == 0 || !facts.Succeeded)
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = facts.EnableStep + 1; i < steps.Length; i++)
        {
            foreach (ref readonly var e in facts.Events[steps[i].FirstEvent..steps[i].EndEvent])
            {
                if (e.Kind == TraceEventKind.Guest && steps[i].Owns(e)
                    && rule(facts.Trace.SnapshotAfter(i), e) is { IsBroken: true } verdict)
                {
                    return verdict.At(i + 1);
                }
            }
        }

        return Verdict.Holds;
    }

    private static bool IsPage(in TraceEvent e) => e.Guest.Action == GuestAction.Page;
    private static int Result(in TraceEvent e) => e.Guest.Result;
    private static ulong Mask(int nid) => nid is >= 0 and < 64 ? 1UL << nid : 0;

    private static Verdict PageIsCapable(Snapshot state, in TraceEvent e) =>
        IsPage(e) && Result(e) >= 0 && (Mask(Result(e)) & Capable(state)) == 0
            ? Verdict.BrokenBy(Capable(state), Mask(Result(e)))
            : Verdict.Holds;

    private static Verdict PolicyIsKept(Snapshot state, in TraceEvent e) =>
        IsPage(e) && Result(e) >= 0 && (e.Guest.Nodes != e.Guest.Asked || (Mask(Result(e)) & e.Guest.Asked) == 0)
            ? Verdict.BrokenBy(e.Guest.Asked, e.Guest.Nodes)
            : Verdict.Holds;

    private static Verdict CapabilityIsTrue(Snapshot state, in TraceEvent e) =>
        !IsPage(e)
            && e.Guest.Nodes != Capable(state) ? Verdict.BrokenBy(Capable(state), e.Guest.Nodes) : Verdict.Holds;

    private static Verdict AcceptedIsMet(Snapshot state, in TraceEvent e) =>
        IsPage(e) && Result(e) == -Errno.Enomem && (e.Guest.Asked & WithMemory(state)) != 0 && Capable(state) != 0
            ? Verdict.BrokenBy(0, unchecked((ulong)Result(e)))
            : Verdict.Holds;

    private static Verdict OldApplicationsWork(Snapshot state, in TraceEvent e) =>
        IsPage(e) && Result(e) == -Errno.Einval && (e.Guest.Asked & Capable(state)) != 0
            ? Verdict.BrokenBy(0, unchecked((ulong)Result(e)))
            : Verdict.Holds;

    private static ulong WithMemory(Snapshot state)
    {
        ulong nodes = 0;
        foreach (ref readonly var range in state.Managed)
            nodes |= Mask(range.Nid);

        return nodes;
    }

    private static ulong Capable(Snapshot state)
    {
        var nodes = WithMemory(state);
        foreach (ref readonly var range in state.Managed)
        {
            ulong listed = 0;
            foreach (ref readonly var entry in state.Memlist)
            {
                var part = new PfnRange(Math.Max(entry.Start, range.Start), Math.Min(entry.End, range.End), 0);
                listed += part.Count;
            }

            nodes &= listed == range.Count ? ulong.MaxValue : ~Mask(range.Nid);
        }

        return nodes;
    }
}
