// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>Algebra on sets of bytes. A set is ascending, disjoint and has no empty or touching ranges.</summary>
public static class RangeSets
{
    /// <summary>Makes a set of any ranges: sorts, drops empty ones, joins what overlaps or touches.</summary>
    public static List<AddressRange> Normalize(IEnumerable<AddressRange> ranges)
    {
        var sorted = ranges.Where(static r => !r.IsEmpty).OrderBy(static r => r.Start).ToList();
        var set = new List<AddressRange>(sorted.Count);
        foreach (var range in sorted)
        {
            if (set.Count > 0 && range.Start <= set[^1].End)
            {
                set[^1] = new AddressRange(set[^1].Start, Math.Max(set[^1].End, range.End));
            }
            else
            {
                set.Add(range);
            }
        }

        return set;
    }

    /// <summary>The bytes of one set that are not in the other.</summary>
    public static List<AddressRange> Subtract(IReadOnlyList<AddressRange> set, IReadOnlyList<AddressRange> taken)
    {
        var left = new List<AddressRange>(set.Count + taken.Count);
        var first = 0;
        foreach (var range in set)
        {
            var start = range.Start;
            while (first < taken.Count && taken[first].End <= start)
            {
                first++;
            }

            for (var i = first; i < taken.Count && taken[i].Start < range.End; i++)
            {
                if (taken[i].Start > start)
                {
                    left.Add(new AddressRange(start, taken[i].Start));
                }

                start = Math.Max(start, taken[i].End);
            }

            if (start < range.End)
            {
                left.Add(new AddressRange(start, range.End));
            }
        }

        return left;
    }

    /// <summary>The bytes in both sets.</summary>
    public static List<AddressRange> Intersect(IReadOnlyList<AddressRange> one, IReadOnlyList<AddressRange> other)
    {
        var common = new List<AddressRange>();
        for (int i = 0, j = 0; i < one.Count && j < other.Count;)
        {
            var start = Math.Max(one[i].Start, other[j].Start);
            var end = Math.Min(one[i].End, other[j].End);
            if (start < end)
            {
                common.Add(new AddressRange(start, end));
            }

            if (one[i].End <= other[j].End)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return common;
    }

    /// <summary>Number of bytes in a set.</summary>
    public static ulong TotalBytes(IEnumerable<AddressRange> set)
    {
        ulong total = 0;
        foreach (var range in set)
        {
            total += range.Size;
        }

        return total;
    }
}
