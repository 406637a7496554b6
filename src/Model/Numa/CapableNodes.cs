// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Numa;

/// <summary>Which nodes can serve TDX guests: those whose managed memory is all in tdx_memlist. Sets are masks of
/// nodes 0 to 63.</summary>
public static class CapableNodes
{
    private const int MaxNodes = 64;

    public static ulong WithMemory(Snapshot state)
    {
        ulong nodes = 0;
        foreach (ref readonly var range in state.Managed)
            nodes |= MaskOf(range.Nid);

        return nodes;
    }

    /// <summary>Nodes that have managed memory, all of it in the list.</summary>
    public static ulong Of(Snapshot state)
    {
        ulong listed = 0, others = 0;
        foreach (ref readonly var range in state.Managed)
        {
            var isListed = IsListed(state, range);
            listed |= isListed ? MaskOf(range.Nid) : 0;
            others |= isListed ? 0 : MaskOf(range.Nid);
        }

        return listed & ~others;
    }

    /// <summary>The set of one node; nodes from 64 on are in no set.</summary>
    public static ulong MaskOf(int nid) => nid is >= 0 and < MaxNodes ? 1UL << nid : 0;

    private static bool IsListed(Snapshot state, in PfnRange range)
    {
        var at = range.Start;
        foreach (ref readonly var entry in state.Memlist)
            at = entry.Start <= at && at < entry.End ? entry.End : at;

        return at >= range.End;
    }
}
