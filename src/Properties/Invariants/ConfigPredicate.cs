// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>Whether TDH.SYS.CONFIG of module 1.5 must accept what it is given, said over sets of pages instead of the
/// module's order of checks.</summary>
internal static class ConfigPredicate
{
    private const int MaxTdmrs = 64;
    private const int ReservedSlots = 16;
    private const ulong EntrySize = 16;
    /// <summary>Above it, bits of an address may be a KeyID; a table that goes there is not judged.</summary>
    private const ulong PlainEnd = 1UL << 46;

    /// <summary>True when the module answered by its own rules, and they are those stated here.</summary>
    public static bool Applies(CaseFacts facts)
    {
        var machine = facts.Scenario.Machine;
        foreach (var fault in facts.Scenario.Faults.Seamcalls)
        {
            if (fault.Leaf is SeamcallLeaf.SysConfig or SeamcallLeaf.SysLpInit or SeamcallLeaf.SysInit)
                return false;
        }

        foreach (ref readonly var tdmr in facts.Tdmrs)
        {
            if (tdmr.Base >= PlainEnd || tdmr.Size > PlainEnd)
                return false;
        }

        return facts.Scenario.Choices.OfflineCpus == 0
            && (machine.Module is null || machine.Module == ModuleVersion.V1_5);
    }

    public static bool IsLegal(CaseFacts facts)
    {
        var call = facts.Events[facts.ConfigEvent];
        var keyIds = facts.Scenario.Machine.KeyIds ?? KeyIdPartition.Usual;
        var isPrivate = call.Seamcall.R8 > keyIds.MktmeKeyIds
            && call.Seamcall.R8 <= (ulong)keyIds.MktmeKeyIds + keyIds.TdxKeyIds;
        if (call.Seamcall.Rdx is < 1 or > MaxTdmrs || !isPrivate)
            return false;

        ulong end = 0;
        ulong pamtBytes = 0;
        foreach (ref readonly var tdmr in facts.Tdmrs)
        {
            if (tdmr.Base < end || !IsTdmr(tdmr) || !AreAreas(facts, tdmr) || !ArePamts(tdmr))
                return false;

            end = tdmr.Range.End;
            pamtBytes += tdmr.Pamt4K.Size + tdmr.Pamt2M.Size + tdmr.Pamt1G.Size;
        }

        return pamtBytes == facts.Pages.Pamts.Size && AreSetsLegal(facts);
    }

    private static bool IsTdmr(in TdmrView tdmr) =>
        Pages.IsAligned(tdmr.Base | tdmr.Size, Sizes.Page1G) && tdmr.Size != 0 && tdmr.Range.End <= PlainEnd;

    private static bool AreAreas(CaseFacts facts, in TdmrView tdmr)
    {
        ulong end = 0;
        var areas = facts.Trace.Configured.Reserved(tdmr);
        for (var i = 0; i < Math.Min(areas.Length, ReservedSlots); i++)
        {
            var isLast = i == areas.Length - 1;
            if (areas[i].Size == 0)
            {
                // An empty slot ends the list, so nothing may follow; where it says it lies does not matter.
                return isLast || areas[i..].IndexOfAnyExcept(default(ReservedView)) < 0
                    || areas[(i + 1)..].ToArray().All(static a => a.Size == 0);
            }

            if (areas[i].Offset < end || !Pages.IsAligned(areas[i].Offset | areas[i].Size, Sizes.Page4K)
                || areas[i].Offset > tdmr.Size || areas[i].Size > tdmr.Size - areas[i].Offset)
            {
                return false;
            }

            end = areas[i].Offset + areas[i].Size;
        }

        return true;
    }

    private static bool ArePamts(in TdmrView tdmr) =>
        IsPamt(tdmr.Pamt4K, tdmr.Size / Sizes.Page4K) && IsPamt(tdmr.Pamt2M, tdmr.Size / Sizes.Page2M)
            && IsPamt(tdmr.Pamt1G, tdmr.Size / Sizes.Page1G);

    private static bool IsPamt(PamtView pamt, ulong entries) =>
        Pages.IsAligned(pamt.Base | pamt.Size, Sizes.Page4K) && pamt.Size >= entries * EntrySize && pamt.Size != 0
        && pamt.Base < PlainEnd && pamt.Size <= PlainEnd - pamt.Base;

    private static bool AreSetsLegal(CaseFacts facts)
    {
        var pages = facts.Pages;
        return pages.Pamts.FirstCommon(pages.Available).IsEmpty && pages.Pamts.FirstOutside(pages.Convertible).IsEmpty
            && pages.Available.FirstOutside(pages.Convertible).IsEmpty;
    }
}
