// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>Events with one operand that is another.</summary>
internal static class Operands
{
    private const ulong NoSuchOrdinal = 1000;

    /// <summary>What is changed, and the event then.</summary>
    public static IEnumerable<(string Change, TraceEvent Event)> Of(TraceEvent e) => e.Kind switch
    {
        TraceEventKind.Allocate => OfAllocation(e),
        TraceEventKind.Free => OfFree(e),
        TraceEventKind.Lock => OtherLocks(e.Lock).Select(static l => ("another lock", TraceEvent.OfLock(l))),
        TraceEventKind.Unlock => OtherLocks(e.Lock).Select(static l => ("another lock", TraceEvent.OfUnlock(l))),
        TraceEventKind.Seamcall => OfSeamcall(e),
        TraceEventKind.Reset => OfReset(e.Reset),
        TraceEventKind.Log => OfLog(e),
        TraceEventKind.Notify => OfNotification(e),
        TraceEventKind.Guest => OfGuest(e),
        _ => [],
    };

    private static IEnumerable<(string, TraceEvent)> OfAllocation(TraceEvent e)
    {
        var (site, ordinal, amount, nid, pfn) = (
            e.Allocation.Site, (int)e.Allocation.Ordinal, e.Allocation.Amount, e.Allocation.Nid, e.Allocation.Pfn);
        yield return e.Allocation.IsNull
            ? ("succeeds",
                TraceEvent.OfAllocation(site, (int)NoSuchOrdinal, amount, nid, Sizes.Page1G >> Sizes.PageShift))
            : ("fails", TraceEvent.OfAllocation(site, 0, amount, nid));
        yield return ("one unit more", TraceEvent.OfAllocation(site, ordinal, amount + 1, nid, pfn));
        yield return ("one unit less", TraceEvent.OfAllocation(site, ordinal, amount - 1, nid, pfn));
        if (site != AllocationSite.Pamt)
            yield break;

        yield return ("another node", TraceEvent.OfAllocation(site, ordinal, amount, nid + 1, pfn));
        yield return (
            "of movable pages",
            TraceEvent.OfAllocation(site, ordinal, amount, nid, pfn, PageRequest.Movable));
        yield return (
            "without reclaim",
            TraceEvent.OfAllocation(site, ordinal, amount, nid, pfn, PageRequest.NoReclaim));
        yield return (
            "from no other node",
            TraceEvent.OfAllocation(site, ordinal, amount, nid, pfn, PageRequest.ThisNode));
        if (e.Allocation.IsNull)
            yield break;

        yield return ("one page later", TraceEvent.OfAllocation(site, ordinal, amount, nid, pfn + 1));
        yield return ("one page earlier", TraceEvent.OfAllocation(site, ordinal, amount, nid, pfn - 1));
    }

    private static IEnumerable<(string, TraceEvent)> OfFree(TraceEvent e)
    {
        var (site, ordinal, pages, pfn) = (
            e.Allocation.Site, (int)e.Allocation.Ordinal, e.Allocation.Amount, e.Allocation.Pfn);
        yield return ("of another allocation", TraceEvent.OfFree(site, ordinal + 1, pages, pfn));
        if (site != AllocationSite.Pamt)
            yield break;

        yield return ("one page more", TraceEvent.OfFree(site, ordinal, pages + 1, pfn));
        yield return ("one page less", TraceEvent.OfFree(site, ordinal, pages - 1, pfn));
        yield return ("one page later", TraceEvent.OfFree(site, ordinal, pages, pfn + 1));
    }

    private static HostLock[] OtherLocks(HostLock own) =>
        own == HostLock.TdxModule ? [HostLock.MemHotplugRead] : [HostLock.TdxModule];

    private static IEnumerable<(string, TraceEvent)> OfSeamcall(TraceEvent e)
    {
        var (leaf, rcx, rdx, r8) = (e.Seamcall.Leaf, e.Seamcall.Rcx, e.Seamcall.Rdx, e.Seamcall.R8);
        var (status, rdxOut, lp) = (e.Seamcall.Status, e.Seamcall.RdxOut, e.Seamcall.Lp);
        yield return ("another leaf", TraceEvent.OfSeamcall(leaf + 1, rcx, rdx, status, r8, rdxOut, lp));
        yield return ("RCX + 4096", TraceEvent.OfSeamcall(leaf, rcx + Sizes.Page4K, rdx, status, r8, rdxOut, lp));
        yield return ("RDX + 1", TraceEvent.OfSeamcall(leaf, rcx, rdx + 1, status, r8, rdxOut, lp));
        yield return ("R8 + 1", TraceEvent.OfSeamcall(leaf, rcx, rdx, status, r8 + 1, rdxOut, lp));
        var (above, below) = (rdxOut + Sizes.Page4K, rdxOut - Sizes.Page4K);
        yield return ("RDX afterwards + 4096", TraceEvent.OfSeamcall(leaf, rcx, rdx, status, r8, above, lp));
        yield return ("RDX afterwards - 4096", TraceEvent.OfSeamcall(leaf, rcx, rdx, status, r8, below, lp));
        yield return ("on another CPU", TraceEvent.OfSeamcall(leaf, rcx, rdx, status, r8, rdxOut, lp + 1));
        yield return e.Seamcall.Succeeded
            ? ("fails", TraceEvent.OfSeamcall(leaf, rcx, rdx, TdxStatus.OperandInvalid, r8, rdxOut, lp))
            : ("succeeds", TraceEvent.OfSeamcall(leaf, rcx, rdx, TdxStatus.Success, r8, rdxOut, lp));
    }

    private static IEnumerable<(string, TraceEvent)> OfReset(AddressRange range)
    {
        const ulong Line = 64;
        yield return ("begins a cache line later", TraceEvent.OfReset(range.Start + Line, range.Size - Line));
        yield return ("ends a cache line earlier", TraceEvent.OfReset(range.Start, range.Size - Line));
        yield return ("ends a cache line later", TraceEvent.OfReset(range.Start, range.Size + Line));
    }

    private static IEnumerable<(string, TraceEvent)> OfLog(TraceEvent e)
    {
        var (line, first, second, third) = (e.Log.Line, e.Log.First, e.Log.Second, e.Log.Third);
        yield return ("another line", TraceEvent.OfLog(line + 1, first, second, third));
        var numbers = line == KernelLine.Other ? 0 : KernelMessages.Table.First(t => t.Line == line).Text.Count('%');
        if (numbers > 0)
            yield return ("first number + 1", TraceEvent.OfLog(line, first + 1, second, third));

        if (numbers > 1)
            yield return ("second number + 1", TraceEvent.OfLog(line, first, second + 1, third));

        if (numbers > 2)
            yield return ("third number + 1", TraceEvent.OfLog(line, first, second, third + 1));
    }

    private static IEnumerable<(string, TraceEvent)> OfNotification(TraceEvent e)
    {
        var (action, pfn, count, errno) = (
            e.Notification.Action, e.Notification.Pfn, e.Notification.Count, e.Notification.Errno);
        foreach (var other in Enum.GetValues<MemoryAction>().Where(a => a != action))
            yield return ("another action", TraceEvent.OfNotification(other, pfn, count, errno));

        yield return ("begins a page later", TraceEvent.OfNotification(action, pfn + 1, count, errno));
        yield return ("one page more", TraceEvent.OfNotification(action, pfn, count + 1, errno));
        yield return ("one page less", TraceEvent.OfNotification(action, pfn, count - 1, errno));
        yield return errno == 0
            ? ("is refused", TraceEvent.OfNotification(action, pfn, count, -Errno.Einval))
            : ("is accepted", TraceEvent.OfNotification(action, pfn, count, 0));
    }

    private static IEnumerable<(string, TraceEvent)> OfGuest(TraceEvent e)
    {
        var (action, asked, nodes, result) = (e.Guest.Action, e.Guest.Asked, e.Guest.Nodes, e.Guest.Result);
        yield return ("other nodes asked for", TraceEvent.OfGuest(action, asked ^ 1, nodes, result));
        yield return ("other nodes", TraceEvent.OfGuest(action, asked, nodes ^ 1, result));
        yield return result < 0
            ? ("succeeds", TraceEvent.OfGuest(action, asked, nodes, 0))
            : ("fails", TraceEvent.OfGuest(action, asked, nodes, -Errno.Enomem));
        if (result != -Errno.Einval)
            yield return ("is refused", TraceEvent.OfGuest(action, asked, nodes, -Errno.Einval));

        if (action == GuestAction.Page && result >= 0)
            yield return ("another node", TraceEvent.OfGuest(action, asked, nodes, result + 1));
    }
}
