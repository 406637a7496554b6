// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TdxVerify.Reporting;

/// <summary>Draws memory in 72 columns with a fault marked: # memory, . nothing, P PAMT, ^ the fault. Widths grow with
/// the logarithm of the size.</summary>
public static class FaultPicture
{
    /// <summary>The lines of the picture; none without memory.</summary>
    /// <param name="fault">The bytes at fault; empty: none are.</param>
    public static IReadOnlyList<string> Draw(
        IReadOnlyList<AddressRange> memory, IReadOnlyList<AddressRange> pamts, AddressRange fault)
    {
        var all = memory.Concat(pamts).Append(fault).Where(static r => !r.IsEmpty).ToList();
        if (all.Count == 0)
            return [];

        // A fault that lies far from all memory would leave no room for it.
        var edges = all.SelectMany(static r => new[] { r.Start, r.End }).Append(0UL).Distinct().Order().ToList();
        var lines = new List<string>();
        for (var first = 0; first + 1 < edges.Count; first += AddressPicture.Columns)
            Draw(edges.Skip(first).Take(AddressPicture.Columns + 1).ToList(), memory, pamts, fault, lines);

        return lines;
    }

    private static void Draw(
        List<ulong> edges, IReadOnlyList<AddressRange> memory, IReadOnlyList<AddressRange> pamts, AddressRange fault,
        List<string> lines)
    {
        var pieces = edges.Zip(edges.Skip(1), static (start, end) => new AddressRange(start, end)).ToList();
        var widths = AddressPicture.Widths(pieces.ConvertAll(static p => p.Size));
        var picture = new StringBuilder();
        var marks = new StringBuilder();
        for (var i = 0; i < pieces.Count; i++)
        {
            var symbol = pamts.Any(p => p.Overlaps(pieces[i]))
                ? 'P'
                : memory.Any(m => m.Overlaps(pieces[i])) ? '#' : '.';
            picture.Append(symbol, widths[i]);
            marks.Append(fault.Overlaps(pieces[i]) ? '^' : ' ', widths[i]);
        }

        var start = string.Create(CultureInfo.InvariantCulture, $"0x{edges[0]:x}");
        var end = string.Create(CultureInfo.InvariantCulture, $"0x{edges[^1]:x}");
        lines.Add(start + end.PadLeft(AddressPicture.Columns - start.Length));
        lines.Add(picture.ToString());
        lines.Add(marks.ToString().TrimEnd());
    }
}
