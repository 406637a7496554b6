// SPDX-License-Identifier: MIT

using System.Collections;

namespace TdxVerify.Core.Addressing;

/// <summary>A set of bytes as ascending, disjoint ranges that don't touch, in memory that is used again.</summary>
public sealed class RangeSet : IReadOnlyList<AddressRange>
{
    private AddressRange[] _ranges = new AddressRange[32];
    private int _count;
    private bool _isUnsorted;

    public ReadOnlySpan<AddressRange> Ranges => _ranges.AsSpan(0, _count);
    public int Count => _count;
    public AddressRange this[int index] => Ranges[index];

    /// <summary>True when no byte is in it.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Number of bytes in it.</summary>
    public ulong Size
    {
        get
        {
            ulong size = 0;
            foreach (ref readonly var range in Ranges)
                size += range.Size;

            return size;
        }
    }

    /// <summary>A set of any ranges: empty ones are dropped, what overlaps or touches is joined.</summary>
    public static RangeSet Of(IEnumerable<AddressRange> ranges)
    {
        var set = new RangeSet();
        foreach (var range in ranges)
            set.Add(range);

        return set.Close();
    }

    /// <summary>Bytes of ranges, those that are in two counted twice.</summary>
    public static ulong TotalBytes(IEnumerable<AddressRange> ranges)
    {
        ulong total = 0;
        foreach (var range in ranges)
            total += range.Size;

        return total;
    }

    public void Clear()
    {
        _count = 0;
        _isUnsorted = false;
    }

    /// <summary>Adds bytes in any order; <see cref="Close"/> comes after the last one.</summary>
    public void Add(AddressRange range)
    {
        if (range.IsEmpty)
            return;

        if (_count > 0 && range.Start <= _ranges[_count - 1].End)
        {
            if (range.Start >= _ranges[_count - 1].Start)
            {
                _ranges[_count - 1] =
                    new AddressRange(_ranges[_count - 1].Start, Math.Max(_ranges[_count - 1].End, range.End));
                return;
            }

            _isUnsorted = true;
        }

        Append(range);
    }

    /// <summary>Makes a set of what was added.</summary>
    public RangeSet Close()
    {
        if (!_isUnsorted)
            return this;

        _ranges.AsSpan(0, _count).Sort(static (one, other) => one.Start.CompareTo(other.Start));
        var added = _count;
        Clear();
        for (var i = 0; i < added; i++)
            Add(_ranges[i]);

        return this;
    }

    public RangeSet Subtract(RangeSet from, RangeSet taken)
    {
        Clear();
        var first = 0;
        var others = taken.Ranges;
        foreach (ref readonly var range in from.Ranges)
        {
            var start = range.Start;
            while (first < others.Length && others[first].End <= start)
                first++;

            for (var i = first; i < others.Length && others[i].Start < range.End; i++)
            {
                if (others[i].Start > start)
                    Append(new AddressRange(start, others[i].Start));

                start = Math.Max(start, others[i].End);
            }

            if (start < range.End)
                Append(new AddressRange(start, range.End));
        }

        return this;
    }

    public RangeSet Intersect(RangeSet one, RangeSet other)
    {
        Clear();
        for (int i = 0, j = 0; i < one._count && j < other._count;)
        {
            var (first, second) = (one._ranges[i], other._ranges[j]);
            var common = new AddressRange(Math.Max(first.Start, second.Start), Math.Min(first.End, second.End));
            if (!common.IsEmpty)
                Append(common);

            (i, j) = first.End <= second.End ? (i + 1, j) : (i, j + 1);
        }

        return this;
    }

    /// <summary>A new set: this one without another.</summary>
    public RangeSet Except(RangeSet other) => new RangeSet().Subtract(this, other);

    /// <summary>A new set: what both share.</summary>
    public RangeSet And(RangeSet other) => new RangeSet().Intersect(this, other);

    /// <summary>The parts of a range that are in it.</summary>
    public IEnumerable<AddressRange> Within(AddressRange range) => this
        .Select(own => new AddressRange(Math.Max(own.Start, range.Start), Math.Min(own.End, range.End)))
        .Where(static part => !part.IsEmpty);

    public IEnumerator<AddressRange> GetEnumerator() => _ranges.Take(_count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first bytes that are in both sets; empty when they share none.</summary>
    public AddressRange FirstCommon(RangeSet other)
    {
        var i = 0;
        var theirs = other.Ranges;
        foreach (ref readonly var range in Ranges)
        {
            while (i < theirs.Length && theirs[i].End <= range.Start)
                i++;

            if (i < theirs.Length && theirs[i].Start < range.End)
                return new AddressRange(Math.Max(range.Start, theirs[i].Start), Math.Min(range.End, theirs[i].End));
        }

        return default;
    }

    /// <summary>True when every byte of a range is in it.</summary>
    public bool Contains(AddressRange range)
    {
        foreach (ref readonly var own in Ranges)
        {
            if (own.End > range.Start)
                return own.Contains(range);
        }

        return range.IsEmpty;
    }

    /// <summary>The first bytes of a range that are not in this set; empty when all are.</summary>
    public AddressRange FirstMissing(AddressRange range)
    {
        var at = range.Start;
        foreach (ref readonly var own in Ranges)
        {
            if (own.Start > at)
                break;

            at = Math.Max(at, own.End);
        }

        return at >= range.End ? default : range with { Start = at };
    }

    /// <summary>The first bytes that are here and not in the other; empty when it is a subset.</summary>
    public AddressRange FirstOutside(RangeSet other)
    {
        var i = 0;
        var theirs = other.Ranges;
        foreach (ref readonly var range in Ranges)
        {
            while (i < theirs.Length && theirs[i].End <= range.Start)
                i++;

            if (i == theirs.Length || theirs[i].Start > range.Start)
            {
                return new AddressRange(
                    range.Start, i == theirs.Length ? range.End : Math.Min(range.End, theirs[i].Start));
            }

            if (theirs[i].End < range.End)
            {
                var next = i + 1 < theirs.Length ? Math.Min(theirs[i + 1].Start, range.End) : range.End;
                return new AddressRange(theirs[i].End, next);
            }
        }

        return default;
    }

    /// <summary>True when a byte of a range is in it.</summary>
    public bool Overlaps(AddressRange range)
    {
        foreach (ref readonly var own in Ranges)
        {
            if (own.Start >= range.End)
                return false;

            if (own.End > range.Start)
                return true;
        }

        return false;
    }

    private void Append(AddressRange range)
    {
        if (_count == _ranges.Length)
            Array.Resize(ref _ranges, 2 * _count);

        _ranges[_count++] = range;
    }
}
