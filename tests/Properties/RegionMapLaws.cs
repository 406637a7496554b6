// SPDX-License-Identifier: MIT

using FsCheck.Xunit;
using TdxVerify.Core.Addressing;

namespace TdxVerify.Tests.Properties;

/// <summary>The range set with layers for node and flags, against one record a byte.</summary>
[Properties(MaxTest = 2000, QuietOnSuccess = true)]
public sealed class RegionMapLaws
{
    private const int Bytes = 48;

    [Property]
    public bool ChangesAreThoseOfEveryByte((byte Change, byte Start, byte End, bool Node, bool Flag)[] changes)
    {
        var (map, bytes) = Changed(changes);
        return IsSame(map, bytes) && IsMinimal(map);
    }

    [Property]
    public bool ACopyIsTheSame((byte Change, byte Start, byte End, bool Node, bool Flag)[] changes)
    {
        var (map, _) = Changed(changes);
        var copy = new RegionMap();
        copy.Apply(RegionMap.Change.Fill, 1, 2);
        copy.CopyFrom(map);
        return copy.IsExactly(map.Pieces);
    }

    private static (RegionMap Map, (int Nid, MemblockFlags Flags)?[] Bytes) Changed(
        (byte Change, byte Start, byte End, bool Node, bool Flag)[] changes)
    {
        var map = new RegionMap();
        var bytes = new (int Nid, MemblockFlags Flags)?[Bytes];
        foreach (var (kind, from, to, node, flag) in changes)
        {
            var change = (RegionMap.Change)(kind % 5);
            var (start, end) = ((ulong)from % (Bytes + 1), (ulong)to % (Bytes + 1));
            var (nid, flags) = (node ? 1 : 0, flag ? MemblockFlags.Mirror : MemblockFlags.Hotplug);
            map.Apply(change, start, end, nid, flags);
            for (var at = start; at < end; at++)
            {
                bytes[at] = (change, bytes[at]) switch
                {
                    (RegionMap.Change.Fill, null) => (nid, flags),
                    (RegionMap.Change.Erase, _) or (_, null) => null,
                    (RegionMap.Change.SetNode, { } old) => (nid, old.Flags),
                    (RegionMap.Change.SetFlag, { } old) => (old.Nid, old.Flags | flags),
                    (RegionMap.Change.ClearFlag, { } old) => (old.Nid, old.Flags & ~flags),
                    var (_, old) => old,
                };
            }
        }

        return (map, bytes);
    }

    private static bool IsSame(RegionMap map, (int Nid, MemblockFlags Flags)?[] bytes)
    {
        var seen = new (int Nid, MemblockFlags Flags)?[Bytes];
        foreach (ref readonly var piece in map.Pieces)
        {
            for (var at = piece.Base; at < piece.End; at++)
            {
                seen[at] = (piece.Nid, piece.Flags);
            }
        }

        return seen.AsSpan().SequenceEqual(bytes);
    }

    private static bool IsMinimal(RegionMap map)
    {
        var pieces = map.Pieces;
        for (var i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Size == 0
                || (i > 0 && (pieces[i].Base < pieces[i - 1].End || (pieces[i].Base == pieces[i - 1].End && pieces[i].IsSameKind(pieces[i - 1])))))
            {
                return false;
            }
        }

        return true;
    }
}
