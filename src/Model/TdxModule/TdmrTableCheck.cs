// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>The checks of TDH.SYS.CONFIG on one TDMR after another, in the module's order; the first that fails is the
/// answer.</summary>
internal sealed class TdmrTableCheck
{
    private const ulong PamtEntrySize = 16;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly PamtLevel[] LargestFirst = [PamtLevel.Level1G, PamtLevel.Level2M, PamtLevel.Level4K];
    private static readonly PamtLevel[] SmallestFirst = [PamtLevel.Level4K, PamtLevel.Level2M, PamtLevel.Level1G];
    private readonly AddressRange[] _memory = new AddressRange[SimulatedModule.MaxTdmrs];

    // From the first to the last byte of a TDMR's PAMTs: what lies clear of it needs no look at the levels.
    private readonly AddressRange[] _pamts = new AddressRange[SimulatedModule.MaxTdmrs];
    private readonly AvailableParts[] _available =
        Array.ConvertAll(new AvailableParts[SimulatedModule.MaxTdmrs], static _ => new AvailableParts());
    private AddressRange _allPamts;
    private PhysicalAddressRules _rules;
    private CmrTable _cmrs = new();
    private ModuleProfile _profile = ModuleProfile.V1_5;

    public void Reset(in PhysicalAddressRules rules, CmrTable cmrs, ModuleProfile profile)
    {
        _rules = rules;
        _cmrs = cmrs;
        _profile = profile;
        _allPamts = new AddressRange(ulong.MaxValue, 0);
    }

    /// <summary>check_and_set_tdmrs() for TDMR i of those copied so far; those before it have passed.</summary>
    public ulong Check(TdmrInfo[] tdmrs, int i, bool dynamicPamt)
    {
        var tdmr = tdmrs[i];
        var status = CheckBounds(tdmrs, i);
        status = status != 0 ? status : CheckReserved(tdmr, i);
        status = status != 0 ? status : CheckPamts(tdmr, i, dynamicPamt);
        if (status != 0)
            return status;

        // From here on no range wraps and no PAMT is empty.
        _memory[i] = new AddressRange(tdmr.Base, tdmr.End);
        _pamts[i] = Envelope(tdmr);
        _available[i].Set(tdmr);
        status = CheckPamtOverlaps(tdmrs, i);
        status = status != 0 ? status : CheckPamtsAgainstMemory(tdmrs, i);
        status = status != 0 ? status : CheckPamtsInCmrs(tdmr, i);
        _allPamts = Join(_allPamts, _pamts[i]);
        return status != 0 ? status : CheckMemoryInCmrs(i);
    }

    private static AddressRange Envelope(TdmrInfo tdmr)
    {
        var envelope = new AddressRange(ulong.MaxValue, 0);
        foreach (var level in SmallestFirst)
            envelope = Join(envelope, PamtOf(tdmr, level));

        return envelope;
    }

    private static AddressRange PamtOf(TdmrInfo tdmr, PamtLevel level) =>
        new(tdmr.PamtBase(level), tdmr.PamtBase(level) + tdmr.PamtSize(level));

    private static AddressRange Join(AddressRange one, AddressRange other) =>
        new(Math.Min(one.Start, other.Start), Math.Max(one.End, other.End));

    private static bool AreClear(AddressRange one, AddressRange other) =>
        one.Start >= other.End || other.Start >= one.End;

    private ulong CheckBounds(TdmrInfo[] tdmrs, int i)
    {
        var tdmr = tdmrs[i];
        if (PhysicalAddressRules.Wraps(tdmr.Base, tdmr.Size))
            return TdxStatus.WithInfo(TdxStatus.InvalidTdmr, i);

        if (i > 0 && (tdmr.Base < tdmrs[i - 1].Base || tdmr.Base < tdmrs[i - 1].End))
            return TdxStatus.WithInfo(TdxStatus.NonOrderedTdmr, i);

        var legal = Pages.IsAligned(tdmr.Base, Sizes.Page1G)
            && Pages.IsAligned(tdmr.Size, Sizes.Page1G)
            && tdmr.Size != 0
            && _rules.IsPlain(tdmr.Base)
            && _rules.IsPlain(tdmr.End - 1);
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
                    return TdxStatus.WithInfo(TdxStatus.NonOrderedReservedInTdmr, i, j);

                continue;
            }

            if (PhysicalAddressRules.Wraps(offset, size))
                return TdxStatus.WithInfo(TdxStatus.InvalidReservedInTdmr, i, j);

            if (j > 0
                && (offset < tdmr.Offset(j - 1) || offset < unchecked(tdmr.Offset(j - 1) + tdmr.ReservedSize(j - 1))))
            {
                return TdxStatus.WithInfo(TdxStatus.NonOrderedReservedInTdmr, i, j);
            }

            var inside = Pages.IsAligned(offset, Sizes.Page4K)
                && Pages.IsAligned(size, Sizes.Page4K)
                && !PhysicalAddressRules.Wraps(tdmr.Base, offset)
                && !PhysicalAddressRules.Wraps(tdmr.Base + offset, size)
                && tdmr.Base + offset + size <= tdmr.End;
            if (!inside)
                return TdxStatus.WithInfo(TdxStatus.InvalidReservedInTdmr, i, j);
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
                && _rules.IsPlain(start)
                && _rules.IsPlain(unchecked(start + size - 1))
                && size >= NeededPamt(tdmr.Size, level, dynamicPamt);
            if (!legal)
                return TdxStatus.WithInfo(TdxStatus.InvalidPamt, i, (int)level);
        }

        return 0;
    }

    private static ulong NeededPamt(ulong tdmrSize, PamtLevel level, bool dynamicPamt)
    {
        var pages = tdmrSize / level.PageSize();
        return dynamicPamt && level == PamtLevel.Level4K ? pages / 8 : pages * PamtEntrySize;
    }

    private ulong CheckPamtOverlaps(TdmrInfo[] tdmrs, int i)
    {
        var tdmr = tdmrs[i];
        for (var j = AreClear(_pamts[i], _allPamts) ? i : 0; j < i; j++)
        {
            if (AreClear(_pamts[i], _pamts[j]))
                continue;

            foreach (var mine in SmallestFirst)
            {
                foreach (var theirs in SmallestFirst)
                {
                    if (PamtsOverlap(tdmr, mine, tdmrs[j], theirs))
                        return TdxStatus.WithInfo(TdxStatus.PamtOverlap, i, (int)mine, j);
                }
            }
        }

        for (var low = PamtLevel.Level4K; low < PamtLevel.Level1G; low++)
        {
            for (var high = low + 1; high <= PamtLevel.Level1G; high++)
            {
                if (PamtsOverlap(tdmr, low, tdmr, high))
                    return TdxStatus.WithInfo(TdxStatus.PamtOverlap, i, (int)low, i);
            }
        }

        return 0;
    }

    private static bool PamtsOverlap(TdmrInfo one, PamtLevel level, TdmrInfo other, PamtLevel otherLevel) =>
        !AreClear(PamtOf(one, level), PamtOf(other, otherLevel));

    private ulong CheckPamtsAgainstMemory(TdmrInfo[] tdmrs, int i)
    {
        for (var j = 0; j <= i; j++)
        {
            var level = FirstPamtInMemory(tdmrs, i, j);
            if (level >= 0)
                return TdxStatus.WithInfo(TdxStatus.PamtOverlap, i, level, j);

            level = j < i ? FirstPamtInMemory(tdmrs, j, i) : -1;
            if (level >= 0)
                return TdxStatus.WithInfo(TdxStatus.PamtOverlap, j, level, i);
        }

        return 0;
    }

    /// <summary>The smallest level of a TDMR whose PAMT takes memory of another that is not reserved; -1 when there is
    /// none.</summary>
    private int FirstPamtInMemory(TdmrInfo[] tdmrs, int owner, int other)
    {
        if (AreClear(_pamts[owner], _memory[other]) || !_available[other].Hit(_pamts[owner].Start, _pamts[owner].End))
            return -1;

        foreach (var level in SmallestFirst)
        {
            var pamt = PamtOf(tdmrs[owner], level);
            if (_available[other].Hit(pamt.Start, pamt.End))
                return (int)level;
        }

        return -1;
    }

    private ulong CheckPamtsInCmrs(TdmrInfo tdmr, int i)
    {
        if (_cmrs.Contains(_pamts[i].Start, _pamts[i].End))
            return 0;

        foreach (var level in LargestFirst)
        {
            var pamt = PamtOf(tdmr, level);
            if (!_cmrs.Contains(pamt.Start, pamt.End))
                return TdxStatus.WithInfo(TdxStatus.PamtOutsideCmrs, i, (int)level);
        }

        return 0;
    }

    private ulong CheckMemoryInCmrs(int i)
    {
        if (_cmrs.Contains(_memory[i].Start, _memory[i].End))
            return 0;

        foreach (var part in _available[i].Parts)
        {
            if ((!part.IsEmpty || _profile.ChecksEmptyTail) && !_cmrs.Contains(part.Start, part.End))
                return TdxStatus.WithInfo(TdxStatus.TdmrOutsideCmrs, i);
        }

        return 0;
    }
}
