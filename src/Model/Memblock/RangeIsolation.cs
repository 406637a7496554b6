// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>memblock_isolate_range() without the growing: splits regions at both edges of a range.</summary>
internal static class RangeIsolation
{
    /// <summary>Splits; there is room for two more regions.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="end">Byte after.</param>
    /// <param name="first">First region inside; 0 when none is.</param>
    /// <param name="last">After the last one; 0 when none is.</param>
    public static void Isolate(MemblockType type, ulong start, ulong end, out int first, out int last)
    {
        first = last = 0;
        for (var i = 0; i < type.Count; i++)
        {
            ref var region = ref type[i];
            if (region.Base >= end)
                break;

            if (region.End <= start)
                continue;

            if (region.Base < start)
            {
                Split(type, i, start);
            }
            else if (region.End > end)
            {
                Split(type, i--, end);
            }
            else
            {
                first = last == 0 ? i : first;
                last = i + 1;
            }
        }
    }

    private static void Split(MemblockType type, int index, ulong at)
    {
        ref var upper = ref type[index];
        var lower = upper with { Size = at - upper.Base };
        upper.Base = at;
        upper.Size -= lower.Size;
        type.TotalSize = unchecked(type.TotalSize - lower.Size);
        type.Insert(index, lower);
    }
}
