// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>Page frames that are handed out: ascending, disjoint ranges [start, end), none empty.</summary>
internal sealed class TakenPages
{
    private AddressRange[] _ranges = new AddressRange[64];

    public int Count { get; private set; }
    public AddressRange this[int index] => _ranges[index];

    public void Clear() => Count = 0;

    /// <summary>Place of the first range that ends above a page frame; <see cref="Count"/> when there is
    /// none.</summary>
    public int FirstAbove(ulong pfn)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].End > pfn ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Takes page frames [pfn, pfn+pages), which are free.</summary>
    public void Add(ulong pfn, ulong pages)
    {
        if (Count == _ranges.Length)
            Array.Resize(ref _ranges, 2 * Count);

        var at = FirstAbove(pfn);
        Array.Copy(_ranges, at, _ranges, at + 1, Count - at);
        _ranges[at] = new AddressRange(pfn, pfn + pages);
        Count++;
    }

    /// <summary>Gives a range back by its first page frame; one that was never taken is nothing.</summary>
    public void Remove(ulong pfn)
    {
        var at = FirstAbove(pfn);
        if (at < Count && _ranges[at].Start == pfn)
        {
            Count--;
            Array.Copy(_ranges, at + 1, _ranges, at, Count - at);
        }
    }
}
