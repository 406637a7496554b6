// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Subjects.Pamts;

/// <summary>The page frames that PAMTs are made of, placed as a scenario chooses. It is used again for the next
/// scenario and then allocates nothing.</summary>
public sealed class PamtPages : IPamtAllocator
{
    private readonly NodeMemory _memory = new();
    private readonly TakenPages _taken = new();
    private readonly List<AddressRange> _live = [];
    private readonly OutsidePlaces _outside = new();
    private readonly RecordedPlaces _recorded = new();
    private PamtPlacement _placement;
    private ulong _bits;
    private ulong _requests;
    private ulong _lastEnd;

    /// <summary>Everything is free again: memory is what memblock has now, and memory that is added later is not
    /// seen.</summary>
    public void Reset(Choices choices, MemblockTable memblock)
    {
        _placement = choices.Placement;
        _bits = choices.PlacementBits;
        _requests = _lastEnd = 0;
        _taken.Clear();
        _live.Clear();
        _memory.Clear();
        _outside.Reset();
        _recorded.Reset(choices.RecordedPamts);
        if (_placement is not (PamtPlacement.Recorded or PamtPlacement.Outside))
            _memory.Fill(memblock, joined: _placement == PamtPlacement.FirstFit);
    }

    /// <summary>From now on only these pages are the allocator's; what it gave away stays away.</summary>
    /// <param name="pages">Page frames, ascending.</param>
    public void SetMemory(IReadOnlyList<PfnRange> pages)
    {
        if (_placement is not (PamtPlacement.Recorded or PamtPlacement.Outside))
            _memory.Fill(pages, joined: _placement == PamtPlacement.FirstFit);
    }

    /// <summary>True when a PAMT has a page of page frames [start, end).</summary>
    public bool HoldsPamt(ulong start, ulong end)
    {
        foreach (var pamt in _live)
        {
            if (pamt.Start < end && pamt.End > start)
                return true;
        }

        return false;
    }

    public bool TryAllocate(ulong pages, int nid, out ulong pfn)
    {
        _requests++;
        pfn = 0;
        var isFound = _placement switch
        {
            PamtPlacement.Recorded => _recorded.TryPlace(out pfn),
            PamtPlacement.Outside => _outside.TryPlace(pages, out pfn),
            _ => pages != 0 && TryNodes(pages, nid, out pfn),
        };
        if (isFound)
            _live.Add(new AddressRange(pfn, pfn + pages));

        return isFound;
    }

    public void Free(ulong pfn, ulong pages)
    {
        _taken.Remove(pfn);
        for (var i = _live.Count - 1; i >= 0; i--)
        {
            if (_live[i].Start == pfn)
            {
                _live.RemoveAt(i);
                return;
            }
        }
    }

    /// <summary>The node that was asked for, then the others by number.</summary>
    private bool TryNodes(ulong pages, int nid, out ulong pfn)
    {
        pfn = 0;
        var asked = _memory.IndexOf(nid);
        var isFound = asked >= 0 && TryNode(asked, pages, nid, out pfn);
        for (var node = 0; node < _memory.Nodes && !isFound; node++)
            isFound = node != asked && TryNode(node, pages, nid, out pfn);

        if (isFound)
        {
            _taken.Add(pfn, pages);
            _lastEnd = pfn + pages;
        }

        return isFound;
    }

    private bool TryNode(int node, ulong pages, int nid, out ulong pfn)
    {
        var blocks = _memory.Blocks(node);
        return _placement switch
        {
            PamtPlacement.TopDown => EdgeFit.TryHighest(blocks, _taken, pages, out pfn),
            PamtPlacement.BottomUp => EdgeFit.TryLowest(blocks, _taken, pages, out pfn),
            PamtPlacement.Adversarial =>
                AdversarialFit.TryPlace(
                    blocks, _taken, pages, _lastEnd, AdversarialFit.Hash(_bits, _requests, pages, nid), out pfn),
            _ => FirstFit.TryPlace(blocks, _taken, pages, out pfn),
        };
    }
}
