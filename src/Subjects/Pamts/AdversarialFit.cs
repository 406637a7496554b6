// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>
/// Any legal place, chosen by hashed bits: inside one memory range of the node and one zone, clear of all that is
/// taken. Five kinds of place are as likely; a kind that the node has none of gives way to anywhere.
/// </summary>
internal static class AdversarialFit
{
    private const ulong GibPages = Sizes.Page1G >> Sizes.PageShift;

    private enum Place
    {
        Start,
        End,
        AcrossGib,
        BehindLast,
        Anywhere,
    }

    /// <summary>Mixes the bits of a scenario and a request into what a place is chosen by.</summary>
    public static ulong Hash(ulong bits, ulong request, ulong pages, int nid) =>
        Mix(Mix(Mix(bits) ^ request) ^ (pages << 16) ^ (uint)nid);

    /// <summary>Finds a place for a number of page frames among a node's ranges.</summary>
    /// <param name="lastEnd">First page frame behind the last PAMT that was placed; 0: there was none.</param>
    public static bool TryPlace(
        ReadOnlySpan<AddressRange> ranges, TakenPages taken, ulong pages, ulong lastEnd, ulong hash, out ulong pfn)
    {
        var place = (Place)Draw(ref hash, (ulong)Place.Anywhere + 1);
        var stretches = new FreeStretches(ranges, taken, pages);
        AddressRange chosen = default, acrossGib = default;
        ulong fitting = 0, boundaries = 0;
        while (stretches.Next())
        {
            var stretch = stretches.Current;
            if (place == Place.BehindLast && lastEnd >= stretch.Start && lastEnd <= stretch.End - pages)
            {
                pfn = lastEnd;
                return true;
            }

            // The nth takes the place of the others with a chance of 1 in n: all are as likely.
            chosen = Draw(ref hash, ++fitting) == 0 ? stretch : chosen;
            if (place == Place.AcrossGib && Boundaries(stretch, pages, out _) > 0)
                acrossGib = Draw(ref hash, ++boundaries) == 0 ? stretch : acrossGib;
        }

        pfn = fitting == 0
            ? 0
            : boundaries > 0 ? AcrossGib(acrossGib, pages, ref hash) : Inside(chosen, pages, place, ref hash);
        return fitting > 0;
    }

    private static ulong Inside(AddressRange stretch, ulong pages, Place place, ref ulong hash)
    {
        var last = stretch.End - pages;
        return place switch
        {
            Place.Start => stretch.Start,
            Place.End => last,
            _ => stretch.Start + Draw(ref hash, last - stretch.Start + 1),
        };
    }

    /// <summary>A place with page frames on both sides of a GiB boundary inside the stretch.</summary>
    private static ulong AcrossGib(AddressRange stretch, ulong pages, ref ulong hash)
    {
        var count = Boundaries(stretch, pages, out var boundary);
        boundary += Draw(ref hash, count) * GibPages;
        var lowest = Math.Max(stretch.Start, boundary >= pages ? boundary - pages + 1 : 0);
        var highest = Math.Min(stretch.End - pages, boundary - 1);
        return lowest + Draw(ref hash, highest - lowest + 1);
    }

    /// <summary>Number of GiB boundaries strictly inside a stretch, and the first; none can be straddled by a single
    /// page.</summary>
    private static ulong Boundaries(AddressRange stretch, ulong pages, out ulong first)
    {
        first = Pages.AlignDown(stretch.Start, GibPages) + GibPages;
        return pages < 2 || first >= stretch.End ? 0 : ((stretch.End - 1 - first) / GibPages) + 1;
    }

    private static ulong Draw(ref ulong hash, ulong limit)
    {
        hash = Mix(hash);
        return Math.BigMul(hash, limit, out _);
    }

    /// <summary>The finaliser of SplitMix64.</summary>
    private static ulong Mix(ulong value)
    {
        value = unchecked(value + 0x9e3779b97f4a7c15);
        value = unchecked((value ^ (value >> 30)) * 0xbf58476d1ce4e5b9);
        value = unchecked((value ^ (value >> 27)) * 0x94d049bb133111eb);
        return value ^ (value >> 31);
    }
}
