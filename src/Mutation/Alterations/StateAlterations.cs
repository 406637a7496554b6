// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>States that are not what they were: after one step only, or from then on.</summary>
internal static class StateAlterations
{
    public static IEnumerable<Alteration> Of(TraceDraft draft)
    {
        for (var i = 0; i < draft.States.Count; i++)
        {
            if (draft.SharesState[i])
                continue;

            var (first, end) = (i, EndOf(draft, i));
            foreach (var (subject, change, apply) in Changes(draft.States[i]))
            {
                yield return new Alteration(subject, change, d => apply(d.States[first]));
                if (end < draft.States.Count && change is not ("one dropped" or "one doubled" or "two swapped"))
                    yield return new Alteration(subject, change + ", from then on", d => FromThenOn(d, first, apply));
            }
        }

        for (var i = 0; i < draft.Results.Count; i++)
        {
            var step = i;
            foreach (var other in Others(draft.Steps[i].Kind, draft.Results[i]))
            {
                yield return new Alteration(
                    $"result of {draft.Steps[i].Kind}", "another", d => d.Results[step] = other);
            }
        }

        foreach (var (change, apply) in TdmrChanges.Of(draft.Configured))
            yield return new Alteration("configured TDMRs", change, d => apply(d.Configured));
    }

    /// <summary>Steps behind it that only looked show the same state.</summary>
    private static int EndOf(TraceDraft draft, int first)
    {
        var end = first + 1;
        while (end < draft.States.Count && draft.SharesState[end])
            end++;

        return end;
    }

    /// <summary>Where a later state has other items, the change is the same as far as it is one there.</summary>
    private static void FromThenOn(TraceDraft draft, int first, Action<SnapshotDraft> apply)
    {
        for (var i = first; i < draft.States.Count; i++)
        {
            if (i > first && draft.SharesState[i])
                continue;

            try
            {
                apply(draft.States[i]);
            }
            catch (ArgumentOutOfRangeException)
            {
                // A shorter list has no such item.
            }
        }
    }

    private static IEnumerable<int> Others(StepKind kind, int result) => kind switch
    {
        StepKind.EnableTdx => result == 0 ? [-Errno.Eio, -Errno.Einval] : [0, result - 1],
        StepKind.MachineCheck => [1 - result],
        StepKind.GoingOnline => [result == 0 ? -Errno.Eperm : 0],
        StepKind.HotAdd or StepKind.HotAddManaged when result == 0 => [-Errno.Eio, -Errno.Eperm],
        _ => result == 0 ? [-Errno.Eio] : [0],
    };

    private static IEnumerable<(string Subject, string Change, Action<SnapshotDraft> Apply)> Changes(
        SnapshotDraft state)
    {
        foreach (var (change, apply) in Lists.Changes<MemblockRegion, SnapshotDraft>(
            state.Memory, static s => s.Memory, Regions))
        {
            yield return ("memblock.memory", change, apply);
        }

        foreach (var (change, apply) in Lists.Changes<MemblockRegion, SnapshotDraft>(
            state.Reserved, static s => s.Reserved, Regions))
        {
            yield return ("memblock.reserved", change, apply);
        }

        for (var i = 0; i < state.Answers.Count; i++)
        {
            var which = i;
            yield return ("answers of memblock", "+ 1", s => s.Answers[which]++);
            if (state.Answers[i] != 0)
                yield return ("answers of memblock", "0", s => s.Answers[which] = 0);
        }

        foreach (var (change, apply) in Lists.Changes<PfnRange, SnapshotDraft>(
            state.Memlist, static s => s.Memlist, Entries))
        {
            yield return ("tdx_memlist", change, apply);
        }

        foreach (var (change, apply) in Lists.Changes<BlockView, SnapshotDraft>(
            state.Blocks, static s => s.Blocks, Blocks))
        {
            yield return ("memory blocks", change, apply);
        }

        foreach (var (change, apply) in Lists.Changes<ZoneView, SnapshotDraft>(
            state.Zones, static s => s.Zones, Zones))
            yield return ("zones", change, apply);

        foreach (var (change, apply) in Lists.Changes<PfnRange, SnapshotDraft>(
            state.Managed, static s => s.Managed, Entries))
        {
            yield return ("managed pages", change, apply);
        }

        foreach (var (change, apply) in TdmrChanges.Of(state.Tdmrs))
            yield return ("TDMRs", change, s => apply(s.Tdmrs));

        yield return ("memblock.memory.total_size", "+ 4096", static s => s.MemoryBytes += Sizes.Page4K);
        yield return ("memblock.memory.total_size", "- 4096", static s => s.MemoryBytes -= Sizes.Page4K);
        yield return ("memblock.reserved.total_size", "+ 4096", static s => s.ReservedBytes += Sizes.Page4K);
        yield return ("memblock.reserved.total_size", "- 4096", static s => s.ReservedBytes -= Sizes.Page4K);
        yield return ("errno of memblock", "-ENOMEM", static s => s.MemblockErrno = -Errno.Enomem);
        yield return ("errno of memblock", "-ERANGE", static s => s.MemblockErrno = -Errno.Erange);
        yield return ("X86_FEATURE_TDX_HOST_PLATFORM", "flipped",
            static s => s.HasTdxHostCapability = !s.HasTdxHostCapability);
        yield return ("S3", "flipped", static s => s.CanSuspend = !s.CanSuspend);
        yield return ("X86_BUG_TDX_PW_MCE", "flipped", static s => s.HasErratum = !s.HasErratum);
        yield return ("references to VMX", "another CPU", static s => s.VmxUsers ^= 2);
        yield return ("X86_BUG_SEAMRET_INVD_VMCS", "set where CPUs have none", static s => s.HasSeamretBug = true);
        yield return ("module status", "flipped", static s => s.IsInitialized = !s.IsInitialized);
        yield return ("global KeyID", "+ 1", static s => s.GlobalKeyId++);
        yield return ("first guest KeyID", "+ 1", static s => s.GuestKeyIdStart++);
        yield return ("guest KeyIDs", "+ 1", static s => s.GuestKeyIds++);
        yield return ("guest KeyIDs", "- 1", static s => s.GuestKeyIds--);
    }

    private static IEnumerable<(string, MemblockRegion)> Regions(MemblockRegion r)
    {
        yield return ("begins a page later", r with { Base = r.Base + Sizes.Page4K, Size = r.Size - Sizes.Page4K });
        yield return ("begins a page earlier", r with { Base = r.Base - Sizes.Page4K, Size = r.Size + Sizes.Page4K });
        yield return ("ends a page later", r with { Size = r.Size + Sizes.Page4K });
        yield return ("ends a page earlier", r with { Size = r.Size - Sizes.Page4K });
        yield return ("another node", r with { Nid = r.Nid + 1 });
        yield return ("another flag", r with { Flags = r.Flags ^ MemblockFlags.Hotplug });
    }

    private static IEnumerable<(string, PfnRange)> Entries(PfnRange e)
    {
        yield return ("begins a page later", e with { Start = e.Start + 1 });
        yield return ("begins a page earlier", e with { Start = e.Start - 1 });
        yield return ("ends a page later", e with { End = e.End + 1 });
        yield return ("ends a page earlier", e with { End = e.End - 1 });
        yield return ("another node", e with { Nid = e.Nid + 1 });
    }

    private static IEnumerable<(string, BlockView)> Blocks(BlockView b)
    {
        yield return ("another state", b with { IsOnline = !b.IsOnline });
        yield return ("another node", b with { Nid = b.Nid + 1 });
        var other = b.Zone == ZoneKind.Movable ? ZoneKind.Normal : ZoneKind.Movable;
        yield return ("another zone", b with { Zone = other });
        yield return ("ends a page earlier", b with { End = b.End - 1 });
    }

    private static IEnumerable<(string, ZoneView)> Zones(ZoneView z)
    {
        yield return ("begins a page later", z with { Start = z.Start + 1 });
        yield return ("spans a page more", z with { Spanned = z.Spanned + 1 });
        yield return ("spans a page less", z with { Spanned = z.Spanned - 1 });
        yield return ("a page less present", z with { Present = z.Present - 1 });
        yield return ("another node", z with { Nid = z.Nid + 1 });
    }
}
