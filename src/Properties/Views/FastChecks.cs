// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Views;

/// <summary>
/// Looks that settle several invariants at once. What passes a look breaks none of them; what doesn't pass it proves nothing,
/// and every invariant then looks for itself.
/// </summary>
/// <param name="view">The case.</param>
internal sealed class FastChecks(CaseView view)
{
    private bool? _hasSoundMemory;
    private bool? _listsMemory;
    private bool? _hasExpectedTdmrs;
    private bool? _hasSoundAreas;

    /// <summary>memblock.memory after boot and after every addition: ascending, disjoint, nothing empty, nothing left to join. M1 to M4.</summary>
    public bool HasSoundMemory => _hasSoundMemory ??= LookAtMemory();

    /// <summary>The entries are the whole pages of sound memory from 1 MiB on, one after another, with its nodes. L1 to L7 and L10.</summary>
    public bool ListsMemory => _listsMemory ??= LookAtList();

    /// <summary>TDH.SYS.CONFIG was given the TDMRs that sound memory asks for. T1 to T5.</summary>
    public bool HasExpectedTdmrs => _hasExpectedTdmrs ??= LookAtTdmrs();

    /// <summary>Reserved areas, as given and as kept, ascend in whole pages inside their TDMR. T10 to T13.</summary>
    public bool HasSoundAreas => _hasSoundAreas ??= LookAtAreas(view.Trace.Configured) && (!view.Succeeded || LookAtAreas(view.After.Tdmrs));

    /// <summary>Another case.</summary>
    public void Clear() => _hasSoundMemory = _listsMemory = _hasExpectedTdmrs = _hasSoundAreas = null;

    private static bool IsSound(ReadOnlySpan<MemblockRegion> regions)
    {
        for (var i = 0; i < regions.Length; i++)
        {
            ref readonly var region = ref regions[i];
            if (region.Range.IsEmpty)
            {
                return false;
            }

            if (i > 0 && region.Range.Start <= regions[i - 1].Range.End
                && (region.Range.Start < regions[i - 1].Range.End || (region.Nid == regions[i - 1].Nid && region.Flags == regions[i - 1].Flags)))
            {
                return false;
            }
        }

        return true;
    }

    private bool LookAtMemory()
    {
        var isSound = IsSound(view.Trace.SnapshotAfter(0).Memory);
        var steps = view.Trace.Steps;
        for (var i = 0; i < steps.Length && isSound; i++)
        {
            isSound = steps[i].Step.Kind != StepKind.AddMemory || IsSound(view.Trace.SnapshotAfter(i + 1).Memory);
        }

        return isSound;
    }

    private bool LookAtList()
    {
        var regions = view.Before.Memory;
        var entries = view.After.Memlist;
        var next = 0;
        ulong end = 0;
        foreach (ref readonly var region in regions)
        {
            if (region.Range.Start < end)
            {
                return false;
            }

            end = region.Range.End;
            var whole = PageView.WholePages(region.Range);
            var start = Math.Max(whole.Start, Sizes.Mib);
            if (start >= whole.End)
            {
                continue;
            }

            if (next == entries.Length || entries[next].Bytes != new AddressRange(start, whole.End) || entries[next].Nid != region.Nid)
            {
                return false;
            }

            next++;
        }

        return next == entries.Length;
    }

    private bool LookAtTdmrs()
    {
        ulong end = 0;
        foreach (ref readonly var region in view.Before.Memory)
        {
            if (region.Range.Start < end)
            {
                return false;
            }

            end = region.Range.End;
        }

        var tdmrs = view.Tdmrs;
        var expected = view.Expected.Tdmrs;
        for (var i = 0; i < tdmrs.Length; i++)
        {
            if (i >= expected.Length || tdmrs[i].Range != expected[i])
            {
                return false;
            }
        }

        return tdmrs.Length == expected.Length;
    }

    private static bool LookAtAreas(TdmrTable table)
    {
        foreach (ref readonly var tdmr in table.Tdmrs)
        {
            ulong end = 0;
            foreach (ref readonly var area in table.Reserved(tdmr))
            {
                var isSound = area.Offset >= end && area.Size != 0 && Pages.IsAligned(area.Offset | area.Size, Sizes.Page4K)
                    && area.Offset <= tdmr.Size && area.Size <= tdmr.Size - area.Offset;
                if (!isSound)
                {
                    return false;
                }

                end = area.Offset + area.Size;
            }
        }

        return true;
    }
}
