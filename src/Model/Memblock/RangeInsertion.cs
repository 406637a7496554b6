// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>One pass of memblock_add_range(): a new range goes only where no region is. Every pass warns
/// anew.</summary>
internal static class RangeInsertion
{
    /// <summary>The counting pass: how many regions the new range would add.</summary>
    public static int Count(MemblockType type, MemblockRegion added, bool allowsNoFlags) =>
        Fill(type, added, insert: false, allowsNoFlags);

    public static void Insert(MemblockType type, MemblockRegion added, bool allowsNoFlags) =>
        Fill(type, added, insert: true, allowsNoFlags);

    private static int Fill(MemblockType type, MemblockRegion added, bool insert, bool allowsNoFlags)
    {
        var start = added.Base;
        var end = added.End;
        int count = 0, first = -1, last = 0, i = 0;
        for (; i < type.Count; i++)
        {
            var region = type[i];
            if (region.Base >= end)
                break;

            if (region.End <= start)
                continue;

            if (region.Base > start)
            {
                type.WarnIf(added.Nid != region.Nid);
                type.WarnIf(added.Flags != region.Flags && !(allowsNoFlags && added.Flags == MemblockFlags.None));
                count++;
                if (insert)
                {
                    first = first < 0 ? i : first;
                    last = i + 1;
                    type.Insert(i++, added with { Base = start, Size = region.Base - start });
                }
            }

            start = Math.Min(region.End, end);
        }

        if (start < end)
        {
            count++;
            if (insert)
            {
                first = first < 0 ? i : first;
                last = i + 1;
                type.Insert(i, added with { Base = start, Size = end - start });
            }
        }

        if (insert && count > 0)
            type.Merge(first, last);

        return count;
    }
}
