// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

/// <summary>All ranges of for_each_mem_pfn_range().</summary>
internal static class PfnRangeList
{
    public static List<PfnRange> Of(MemblockTable memblock)
    {
        var ranges = new List<PfnRange>();
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            ranges.Add(range);
        }

        return ranges;
    }
}
