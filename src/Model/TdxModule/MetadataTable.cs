// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>The global metadata fields of module 1.5 in their order.</summary>
internal static class MetadataTable
{
    /// <summary>First id and number of elements of every entry; elements of an entry have consecutive ids.</summary>
    private static readonly (ulong Id, uint Count)[] Entries =
    [
        (0x0000000200000000, 1), (0x0000000200000001, 8),
        (0x0800000200000000, 1), (0x8800000200000001, 1), (0x8800000100000002, 1), (MetadataField.MinorVersion, 1),
        (MetadataField.MajorVersion, 1), (MetadataField.UpdateVersion, 1), (0x0800000100000006, 1),
        (0x8900000100000000, 1), (0x8900000100000001, 1), (0x8900000000000002, 1), (0x8900000100000003, 1),
        (0x8900000000000004, 1), (0x8900000100000005, 1), (0x8900000200000006, 1),
        (0x0A00000200000000, 1), (0x0A00000000000001, 1), (MetadataField.Features0, 1),
        (MetadataField.NumCmrs, 1), (MetadataField.CmrBase, Cmr.MaxSlots), (MetadataField.CmrSize, Cmr.MaxSlots),
        (MetadataField.MaxTdmrs, 1), (MetadataField.MaxReservedPerTdmr, 1),
        (MetadataField.Pamt4KEntrySize, 1), (MetadataField.Pamt2MEntrySize, 1), (MetadataField.Pamt1GEntrySize, 1),
        (0x9800000100000000, 1), (0x9800000100000100, 1), (0x9800000100000101, 1), (0x9800000100000200, 1),
        (0x9800000100000201, 1),
        (0x1900000300000000, 1), (0x1900000300000001, 1), (0x1900000300000002, 1), (0x1900000300000003, 1),
        (0x9900000100000004, 1), (0x9900000300000006, 1), (0x9900000300000007, 1),
        (0x9900000300000400, 32), (0x9900000300000500, 64), (0x9900000300000600, 1),
        (0x9900000100000800, 1), (0x9900000100000801, 1), (0x9900000300000810, 64), (0x9900000300000850, 64),
        (0xA000000300000000, 1), (0x2000000100000001, 1), (0x2000000100000002, 1), (0x2000000100000003, 1),
        (0x2000000100000004, 1),
        (0xA000000100000010, 1), (0xA000000000000020, 1), (0xA000000000000021, 1), (0xA000000000000022, 1),
        (0xA100000100000000, 1), (0xA100000300000001, 1), (0xA100000300000002, 1),
        (0xA200000100000000, 1), (0xA200000300000001, 1), (0xA200000300000002, 1), (0xA200000300000003, 1),
        (0xA200000300000004, 1), (0xA200000300000005, 1), (0xA200000300000006, 1),
    ];

    private const int Classes = 64;

    private static readonly int[] FirstOfClass = EntryOfClass(Array.FindIndex);
    private static readonly int[] LastOfClass = EntryOfClass(Array.FindLastIndex);

    /// <summary>The id that answers a request for the first field.</summary>
    public static ulong First => Entries[0].Id;

    /// <summary>The entry a request names, by class and code alone; -1 when there is none.</summary>
    public static int Find(ulong id)
    {
        var kind = MetadataField.Class(id);
        var code = MetadataField.Code(id);
        for (var i = FirstOfClass[kind]; i >= 0 && i <= LastOfClass[kind]; i++)
        {
            var first = MetadataField.Code(Entries[i].Id);
            if (MetadataField.Class(Entries[i].Id) == kind && code >= first && code - first < Entries[i].Count)
                return i;
        }

        return -1;
    }

    public static ulong Id(int entry) => Entries[entry].Id;
    public static int Element(int entry, ulong id) =>
        (int)(MetadataField.Code(id) - MetadataField.Code(Entries[entry].Id));

    /// <summary>The id after this one: the next element keeps the request's other bits, the next entry has its
    /// own.</summary>
    public static ulong Next(int entry, ulong id)
    {
        if (Element(entry, id) + 1 < Entries[entry].Count)
            return id + 1;

        return entry + 1 < Entries.Length ? Entries[entry + 1].Id : MetadataField.None;
    }

    private static int[] EntryOfClass(Func<(ulong Id, uint Count)[], Predicate<(ulong Id, uint Count)>, int> search) =>
        [.. Enumerable.Range(0, Classes).Select(kind => search(Entries, e => MetadataField.Class(e.Id) == kind))];
}
