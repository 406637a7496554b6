// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxModule;

/// <summary>The checks of TDH.SYS.CONFIG on one TDMR after another, in the module's order; the first that fails is the answer.</summary>
/// <param name="rules">What an address may be.</param>
/// <param name="cmrs">Convertible memory.</param>
/// <param name="profile">The module's version.</param>
internal sealed class TdmrTableCheck(PhysicalAddressRules rules, CmrTable cmrs, ModuleProfile profile)
{
    private const ulong PamtEntrySize = 16;

    private static readonly PamtLevel[] LargestFirst = [PamtLevel.Level1G, PamtLevel.Level2M, PamtLevel.Level4K];
    private static readonly PamtLevel[] SmallestFirst = [PamtLevel.Level4K, PamtLevel.Level2M, PamtLevel.Level1G];

    /// <summary>check_and_set_tdmrs() for TDMR i of those copied so far.</summary>
    /// <param name="tdmrs">TDMRs 0 to i.</param>
    /// <param name="i">Index of the one to check.</param>
    /// <param name="dynamicPamt">The 4K PAMT is a bitmap.</param>
    public ulong Check(TdmrInfo[] tdmrs, int i, bool dynamicPamt)
    {
        var status = CheckBounds(tdmrs, i);
        status = status != 0 ? status : CheckReserved(tdmrs[i], i);
        status = status != 0 ? status : CheckPamts(tdmrs[i], i, dynamicPamt);
        status = status != 0 ? status : CheckPamtOverlaps(tdmrs, i);
        status = status != 0 ? status : CheckPamtsAgainstMemory(tdmrs, i);
        status = status != 0 ? status : CheckPamtsInCmrs(tdmrs[i], i);
        return status != 0 ? status : CheckMemoryInCmrs(tdmrs[i], i);
    }

    private ulong CheckBounds(TdmrInfo[] tdmrs, int i)
    {
        var tdmr = tdmrs[i];
        if (PhysicalAddressRules.Wraps(tdmr.Base, tdmr.Size))
        {
            return TdxStatus.WithInfo(TdxStatus.InvalidTdmr, i);
        }

        if (i > 0 && (tdmr.Base < tdmrs[i - 1].Base || tdmr.Base < tdmrs[i - 1].End))
        {
            return TdxStatus.WithInfo(TdxStatus.NonOrderedTdmr, i);
        }

        var legal = Pages.IsAligned(tdmr.Base, Sizes.Page1G)
            && Pages.IsAligned(tdmr.Size, Sizes.Page1G)
            && tdmr.Size != 0
            && rules.IsPlain(tdmr.Base)
            && rules.IsPlain(tdmr.End - 1);
        return legal ? 0 : TdxStatus.WithInfo(TdxStatus.InvalidTdmr, i);
    }

    private static ulong CheckReserved(TdmrInfo tdmr, int i)
    {
        for (var j = 0; j < TdmrInfo.ReservedSlots; j++)
        {
            var offset = tdmr.Offset(j);
            var size = tdmr.ReservedSize(j);
            if (size == 0)
            {
                if (j + 1 < TdmrInfo.ReservedSlots && tdmr.ReservedSize(j + 1) != 0)
                {
                    return TdxStatus.WithInfo(TdxStatus.NonOrderedReservedInTdmr, i, j);
                }

                continue;
            }

            if (PhysicalAddressRules.Wraps(offset, size))
            {
                return TdxStatus.WithInfo(TdxStatus.InvalidReservedInTdmr, i, j);
            }

            if (j > 0 && (offset < tdmr.Offset(j - 1) || offset < unchecked(tdmr.Offset(j - 1) + tdmr.ReservedSize(j - 1))))
            {
                return TdxStatus.WithInfo(TdxStatus.NonOrderedReservedInTdmr, i, j);
            }

            var inside = Pages.IsAligned(offset, Sizes.Page4K)
                && Pages.IsAligned(size, Sizes.Page4K)
                && !PhysicalAddressRules.Wraps(tdmr.Base, offset)
                && !PhysicalAddressRules.Wraps(tdmr.Base + offset, size)
                && tdmr.Base + offset + size <= tdmr.End;
            if (!inside)
            {
                return TdxStatus.WithInfo(TdxStatus.InvalidReservedInTdmr, i, j);
            }
        }

        return 0;
    }

    private ulong CheckPamts(TdmrInfo tdmr, int i, bool dynamicPamt)
    {
        foreach (var level in LargestFirst)
        {
            var start = tdmr.PamtBase(level);
            var size = tdmr.PamtSize(level);
            var legal = !PhysicalAddressRules.Wraps(start, size)
                && Pages.IsAligned(start, Sizes.Page4K)
                && Pages.IsAligned(size, Sizes.Page4K)
                && rules.IsPlain(start)
                && rules.IsPlain(unchecked(start + size - 1))
                && size >= NeededPamt(tdmr.Size, level, dynamicPamt);
            if (!legal)
            {
                return TdxStatus.WithInfo(TdxStatus.InvalidPamt, i, (int)level);
            }
        }

        return 0;
    }

    private static ulong NeededPamt(ulong tdmrSize, PamtLevel level, bool dynamicPamt)
    {
        var pages = tdmrSize / level.PageSize();
        return dynamicPamt && level == PamtLevel.Level4K ? pages / 8 : pages * PamtEntrySize;
    }

    private static ulong CheckPamtOverlaps(TdmrInfo[] tdmrs, int i)
    {
        var tdmr = tdmrs[i];
        for (var j = 0; j < i; j++)
        {
            foreach (var mine in SmallestFirst)
            {
                foreach (var theirs in SmallestFirst)
                {
                    if (PamtsOverlap(tdmr, mine, tdmrs[j], theirs))
                    {
                        return TdxStatus.WithInfo(TdxStatus.PamtOverlap, i, (int)mine, j);
                    }
                }
            }
        }

        for (var low = PamtLevel.Level4K; low < PamtLevel.Level1G; low++)
        {
            for (var high = low + 1; high <= PamtLevel.Level1G; high++)
            {
                if (PamtsOverlap(tdmr, low, tdmr, high))
                {
                    return TdxStatus.WithInfo(TdxStatus.PamtOverlap, i, (int)low, i);
                }
            }
        }

        return 0;
    }

    private static bool PamtsOverlap(TdmrInfo one, PamtLevel level, TdmrInfo other, PamtLevel otherLevel) =>
        Overlap(one.PamtBase(level), one.PamtSize(level), other.PamtBase(otherLevel), other.PamtSize(otherLevel));

    private static bool Overlap(ulong start, ulong size, ulong otherStart, ulong otherSize) =>
        start < otherStart + otherSize && otherStart < start + size;

    private static ulong CheckPamtsAgainstMemory(TdmrInfo[] tdmrs, int i)
    {
        for (var j = 0; j <= i; j++)
        {
            foreach (var level in SmallestFirst)
            {
                if (PamtHitsMemory(tdmrs[i], level, tdmrs[j]))
                {
                    return TdxStatus.WithInfo(TdxStatus.PamtOverlap, i, (int)level, j);
                }
            }

            foreach (var level in SmallestFirst)
            {
                if (j < i && PamtHitsMemory(tdmrs[j], level, tdmrs[i]))
                {
                    return TdxStatus.WithInfo(TdxStatus.PamtOverlap, j, (int)level, i);
                }
            }
        }

        return 0;
    }

    private static bool PamtHitsMemory(TdmrInfo owner, PamtLevel level, TdmrInfo tdmr)
    {
        var slot = 0;
        var start = tdmr.Base;
        while (NextAvailable(tdmr, ref slot, ref start, out var end))
        {
            if (end > start && Overlap(owner.PamtBase(level), owner.PamtSize(level), start, end - start))
            {
                return true;
            }

            start = AfterArea(tdmr, slot, end);
        }

        return false;
    }

    private ulong CheckPamtsInCmrs(TdmrInfo tdmr, int i)
    {
        foreach (var level in LargestFirst)
        {
            if (!cmrs.Contains(tdmr.PamtBase(level), tdmr.PamtBase(level) + tdmr.PamtSize(level)))
            {
                return TdxStatus.WithInfo(TdxStatus.PamtOutsideCmrs, i, (int)level);
            }
        }

        return 0;
    }

    private ulong CheckMemoryInCmrs(TdmrInfo tdmr, int i)
    {
        var slot = 0;
        var start = tdmr.Base;
        while (NextAvailable(tdmr, ref slot, ref start, out var end))
        {
            if ((end > start || profile.ChecksEmptyTail) && !cmrs.Contains(start, end))
            {
                return TdxStatus.WithInfo(TdxStatus.TdmrOutsideCmrs, i);
            }

            start = AfterArea(tdmr, slot, end);
        }

        return 0;
    }

    /// <summary>
    /// The next part of a TDMR that is not reserved: [start, end). Empty only when all 16 slots are used and the last
    /// area ends at the TDMR's end, which module 1.0 does not skip. Afterwards slot is one past the area behind the part.
    /// </summary>
    private static bool NextAvailable(TdmrInfo tdmr, ref int slot, ref ulong start, out ulong end)
    {
        end = tdmr.End;
        while (slot < TdmrInfo.ReservedSlots && tdmr.ReservedSize(slot) != 0 && tdmr.Base + tdmr.Offset(slot) == start)
        {
            start += tdmr.ReservedSize(slot++);
        }

        if (slot > TdmrInfo.ReservedSlots || (slot < TdmrInfo.ReservedSlots && start == tdmr.End))
        {
            return false;
        }

        if (slot < TdmrInfo.ReservedSlots && tdmr.ReservedSize(slot) != 0)
        {
            end = tdmr.Base + tdmr.Offset(slot++);
            return true;
        }

        slot = TdmrInfo.ReservedSlots + 1;
        return true;
    }

    private static ulong AfterArea(TdmrInfo tdmr, int slot, ulong end) =>
        slot > TdmrInfo.ReservedSlots ? end : end + tdmr.ReservedSize(slot - 1);
}
