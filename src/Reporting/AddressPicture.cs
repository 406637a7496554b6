// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using System.Text;

namespace TdxVerify.Reporting;

/// <summary>
/// Draws a stretch of the address space in 72 columns: # memory, . hole, P PAMT. Widths grow with the logarithm of the
/// size, so that a page beside a GiB is still seen; below each reserved area stands a mark, ^ from the first one
/// beyond the limit.
/// </summary>
public static class AddressPicture
{
    public const int Columns = 72;

    private enum Kind
    {
        Memory,
        Hole,
        Pamt,
    }

    private readonly record struct Segment(AddressRange Range, Kind Kind);

    /// <summary>The lines of the picture.</summary>
    /// <param name="holes">What is no memory, ascending.</param>
    /// <param name="pamts">PAMTs in it, ascending.</param>
    public static IReadOnlyList<string> Draw(
        AddressRange stretch, IReadOnlyList<AddressRange> holes, IReadOnlyList<AddressRange> pamts, int limit)
    {
        var segments = Cut(stretch, holes, pamts);
        var lines = new List<string>();
        var area = 0;
        for (var first = 0; first < segments.Count; first += Columns)
        {
            var part = segments.Skip(first).Take(Columns).ToList();
            var widths = Widths(part.ConvertAll(static s => s.Range.Size));
            var picture = new StringBuilder(Columns);
            var marks = new StringBuilder(Columns);
            for (var i = 0; i < part.Count; i++)
            {
                var isReserved = part[i].Kind != Kind.Memory;
                area += isReserved ? 1 : 0;
                picture.Append(Symbol(part[i].Kind), widths[i]);
                marks.Append(isReserved ? Mark(area, limit) : ' ').Append(' ', widths[i] - 1);
            }

            var start = string.Create(CultureInfo.InvariantCulture, $"0x{part[0].Range.Start:x}");
            var end = string.Create(CultureInfo.InvariantCulture, $"0x{part[^1].Range.End:x}");
            lines.Add(start + end.PadLeft(Columns - start.Length));
            lines.Add(picture.ToString());
            lines.Add(marks.ToString().TrimEnd());
        }

        return lines;
    }

    private static List<Segment> Cut(
        AddressRange stretch, IReadOnlyList<AddressRange> holes, IReadOnlyList<AddressRange> pamts)
    {
        var reserved = RangeSet.Of(holes.Concat(pamts));
        var segments = RangeSet.Of([stretch]).Except(reserved).Select(static r => new Segment(r, Kind.Memory))
            .Concat(holes.Select(static r => new Segment(r, Kind.Hole)))
            .Concat(pamts.Select(static r => new Segment(r, Kind.Pamt)))
            .ToList();
        segments.Sort(static (a, b) => a.Range.Start.CompareTo(b.Range.Start));
        return segments;
    }

    /// <summary>Columns for pieces of these sizes: one each, the rest by the bits of the size, what is left to the
    /// largest.</summary>
    internal static int[] Widths(List<ulong> sizes)
    {
        var weights = sizes.ConvertAll(static size => BitOperations.Log2(Math.Max(size / Sizes.Page4K, 1)) + 1);
        var total = weights.Sum();
        var spare = Columns - sizes.Count;
        var widths = weights.ConvertAll(w => 1 + (spare * w / total));
        var largest = weights.IndexOf(weights.Max());
        widths[largest] += Columns - widths.Sum();
        return [.. widths];
    }

    private static char Symbol(Kind kind) => kind switch { Kind.Memory => '#', Kind.Hole => '.', _ => 'P' };

    /// <summary>1 to 9, then letters, then ^ for areas that don't fit.</summary>
    private static char Mark(int area, int limit)
    {
        const int Digits = 9;
        const int Letters = 26;
        return area > limit
            ? '^'
            : area <= Digits ? (char)('0' + area) : area <= Digits + Letters ? (char)('a' + area - Digits - 1) : '+';
    }
}
