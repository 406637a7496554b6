// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family G: what tdx_init() lets through.</summary>
internal static class GateInvariants
{
    private const uint MinKeyIds = 2;

    public static IEnumerable<Invariant> All =>
    [
        new("G1", "with hibernation available there is no TDX", Safety, "tdx_init(): hibernation_available()",
            Evidence.Count, static v => StaysShut(v, v.Scenario.Faults.HibernationAvailable)),
        new("G2", "with fewer than two private KeyIDs there is no TDX", Safety, "tdx_init(): one is the global KeyID",
            Evidence.Count, static v => StaysShut(v, KeyIds(v).TdxKeyIds < MinKeyIds)),
        new("G3", "without a memory notifier there is no TDX", Safety, "tdx_init(): register_memory_notifier()",
            Evidence.Count, static v => StaysShut(v, v.Scenario.Faults.NotifierRegistrationErrno != 0)),
        new("G4", "if every boot check passes, TDX is enabled", Contract, "tdx_init()", Evidence.Count, Opens),
        new("G5", "the global KeyID is the first private one", Safety, "tdx_init(): record_keyid_partitioning()",
            Evidence.Count, GlobalKeyIdIsFirst),
        new("G6", "guests get all other private KeyIDs and never the global one", Safety,
            "tdx_init(): tdx_guest_keyid_start", Evidence.Count, GuestsGetTheRest),
        new("G7", "without TDX, enabling it is -ENODEV and makes no SEAMCALL", Contract,
            "tdx_cpu_enable(), tdx_enable()", Evidence.Result, IsNoDevice),
        new("G10", "a guest gets a KeyID of the guests' range that no other guest has, and gives back its own", Safety,
            "tdx_guest_keyid_alloc(), tdx_guest_keyid_free()", Evidence.Count, GuestsHaveTheirOwn),
    ];

    private static Verdict GuestsHaveTheirOwn(CaseFacts facts)
    {
        if (!facts.Trace.HasState)
            return Verdict.NotObservable;

        // The first 64 KeyIDs of the range.
        var used = 0UL;
        var steps = facts.Trace.Steps;
        for (var i = 0; facts.Life.Any && i < steps.Length; i++)
        {
            var boot = facts.Trace.SnapshotAfter(0);
            var isTaken = steps[i].Step.Kind == StepKind.KeyIdAlloc && steps[i].Result >= 0;
            var isGiven = steps[i].Step.Kind == StepKind.KeyIdFree && steps[i].Result == 0;
            if (!isTaken && !isGiven)
                continue;

            var keyId = isTaken ? (uint)steps[i].Result : steps[i].Step.KeyId;
            var index = keyId - boot.GuestKeyIdStart;
            if (keyId < boot.GuestKeyIdStart || index >= boot.GuestKeyIds)
                return Verdict.BrokenBy(boot.GuestKeyIdStart, keyId).At(i + 1);

            var bit = index < 64 ? 1UL << (int)index : 0;
            if (isTaken ? (used & bit) != 0 : (used & bit) == 0)
                return Verdict.BrokenBy(boot.GuestKeyIdStart, keyId).At(i + 1);

            used ^= bit;
            var inUse = facts.Trace.SnapshotAfter(i + 1).KeyIdsInUse;
            if (inUse != (int)ulong.PopCount(used))
                return Verdict.BrokenBy(ulong.PopCount(used), (ulong)inUse).At(i + 1);
        }

        return Verdict.Holds;
    }

    private static KeyIdPartition KeyIds(CaseFacts facts) => facts.Scenario.Machine.KeyIds ?? KeyIdPartition.Usual;

    /// <summary>A kernel that dies asks whether TDX is on by trying.</summary>
    private static int Calls(CaseFacts facts) =>
        facts.Trace.Seamcalls - facts.Trace.SeamcallsOf(SeamcallLeaf.SysDisable);

    private static Verdict StaysShut(CaseFacts facts, bool isShut)
    {
        if (!isShut)
            return Verdict.NotObservable;

        var seamcalls = (ulong)Calls(facts);
        return facts.Trace.SnapshotAfter(0).HasTdxHostCapability
            || seamcalls > 0 ? Verdict.BrokenBy(0, Math.Max(seamcalls, 1)).At(0) : Verdict.Holds;
    }

    private static bool IsOpen(CaseFacts facts) => !facts.Scenario.Faults.HibernationAvailable
        && facts.Scenario.Faults.NotifierRegistrationErrno == 0 && KeyIds(facts).TdxKeyIds >= MinKeyIds;

    private static Verdict Opens(CaseFacts facts) => !IsOpen(facts) || !facts.Sees(Observes.Memlist)
        ? Verdict.NotObservable
        : facts.Trace.SnapshotAfter(0).HasTdxHostCapability ? Verdict.Holds : Verdict.BrokenBy(1, 0).At(0);

    private static Verdict GlobalKeyIdIsFirst(CaseFacts facts)
    {
        var boot = facts.Trace.SnapshotAfter(0);
        return !boot.HasTdxHostCapability
            ? Verdict.NotObservable
            : boot.GlobalKeyId == KeyIds(facts).FirstPrivate
                ? Verdict.Holds
                : Verdict.BrokenBy(KeyIds(facts).FirstPrivate, boot.GlobalKeyId).At(0);
    }

    private static Verdict GuestsGetTheRest(CaseFacts facts)
    {
        var boot = facts.Trace.SnapshotAfter(0);
        if (!boot.HasTdxHostCapability || !facts.Sees(Observes.Platform))
            return Verdict.NotObservable;

        if (boot.GuestKeyIdStart != boot.GlobalKeyId + 1)
            return Verdict.BrokenBy(boot.GlobalKeyId + 1, boot.GuestKeyIdStart).At(0);

        var rest = KeyIds(facts).TdxKeyIds - 1;
        return boot.GuestKeyIds == rest ? Verdict.Holds : Verdict.BrokenBy(rest, boot.GuestKeyIds).At(0);
    }

    private static Verdict IsNoDevice(CaseFacts facts)
    {
        if (facts.Trace.SnapshotAfter(0).HasTdxHostCapability)
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.EnableTdx && steps[i].Result != -Errno.Enodev)
                return Verdict.BrokenBy(unchecked((ulong)-Errno.Enodev), unchecked((ulong)steps[i].Result)).At(i + 1);
        }

        return Calls(facts) == 0 ? Verdict.Holds : Verdict.BrokenBy(0, (ulong)Calls(facts));
    }
}
