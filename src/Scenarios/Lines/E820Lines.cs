// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>Memory maps, in every spelling since 2.6, and the changes that the kernel makes to its table.</summary>
internal static class E820Lines
{
    private const string MapShape = "[mem 0xSTART-0xEND] and a type";
    private const string OldShape = "START - END (type)";
    /// <summary>The map behind mem= and memmap=.</summary>
    public const string UserMaker = "user: ";
    /// <summary>A map that the kernel printed again after a change of its own.</summary>
    public const string ModifiedMaker = "modified: ";

    private static readonly string[] Makers =
        ["BIOS-e820: ", "BIOS-e801: ", "BIOS-88: ", "reserve setup_data: ", ModifiedMaker, UserMaker, "Xen: ",
            "BIOS-provided: "];

    public static LogFormat Format { get; } = new(
        [
            "e820", "physical RAM map:", "last_pfn = ", "setup_data: [", ModifiedMaker, UserMaker + "[",
            UserMaker + "0", "Xen: [", "BIOS-88: ", "BIOS-e801: [", "BIOS-provided: [",
        ],
        Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line);
        if (line.Contains("physical RAM map:", StringComparison.Ordinal))
        {
            boot.StartMap();
            return LineResult.Read;
        }

        if (line.Contains("update e820 for mtrr", StringComparison.Ordinal))
        {
            boot.MarkMtrrUpdate();
            return LineResult.Read;
        }

        if (scanner.Past("last_pfn = "))
        {
            var isWhole = scanner.Hex(out var pfn);
            boot.MarkLastPfn(pfn);
            return isWhole ? LineResult.Read : LineResult.Malformed("last_pfn = 0xPFN");
        }

        if (scanner.Past("e820: update ") || scanner.Past("e820 update range: "))
            return ReadChange(scanner, E820ChangeKind.Update, boot);

        if (scanner.Past("e820: remove ") || scanner.Past("e820 remove range: "))
            return ReadChange(scanner, E820ChangeKind.Remove, boot);

        foreach (var maker in Makers)
        {
            if (scanner.Past(maker))
                return ReadEntry(scanner, maker, boot);
        }

        return LineResult.Unknown;
    }

    private static LineResult ReadEntry(LineScanner scanner, string maker, BootLog boot)
    {
        if (scanner.Word("[gap "))
            return LineResult.Read;

        var isOld = !scanner.Rest.StartsWith("[", StringComparison.Ordinal);
        if (isOld && !char.IsAsciiHexDigit(scanner.Rest.Length > 0 ? scanner.Rest[0] : ' '))
            return maker == "BIOS-e820: " ? LineResult.Malformed(MapShape) : LineResult.Unknown;

        if (!TryRange(ref scanner, isOld, out var range))
            return LineResult.Malformed(isOld ? OldShape : MapShape);

        scanner.Blanks();
        scanner.Word("(");
        if (!E820Types.TryRead(ref scanner, out var type))
            return LineResult.Malformed(isOld ? OldShape : MapShape);

        return boot.AddE820(maker, new E820Entry(range.Start, range.Size, type))
            ? LineResult.Read
            : LineResult.Malformed("at most 3200 entries of a memory map");
    }

    private static LineResult ReadChange(LineScanner scanner, E820ChangeKind kind, BootLog boot)
    {
        const string Shape = "[mem 0xSTART-0xEND] and types";
        var isOld = !scanner.Rest.StartsWith("[", StringComparison.Ordinal);
        if (!TryRange(ref scanner, isOld, out var range))
            return LineResult.Malformed(Shape);

        scanner.Blanks();
        scanner.Word("(");
        var to = E820Type.None;
        var hasFrom = E820Types.TryRead(ref scanner, out var from);
        if (!hasFrom && (kind == E820ChangeKind.Update || !scanner.IsAtEnd))
            return LineResult.Malformed(Shape);

        scanner.Word(")");
        scanner.Blanks();
        if (kind == E820ChangeKind.Update)
        {
            var isComplete = scanner.Word("==>");
            scanner.Blanks();
            scanner.Word("(");
            if (!isComplete || !E820Types.TryRead(ref scanner, out to))
                return LineResult.Malformed(Shape);

            // setup_data inside RAM: both types print as usable.
            to = from == E820Type.Ram && to == E820Type.Ram ? E820Type.ReservedKern : to;
        }

        boot.AddE820Change(new E820Change(kind, range.Start, range.Size, hasFrom ? from : E820Type.None, to));
        return LineResult.Read;
    }

    /// <summary>New style has inclusive ends and 0x, old style exclusive ends and bare digits.</summary>
    private static bool TryRange(ref LineScanner scanner, bool isOld, out AddressRange range)
    {
        range = default;
        if (!isOld)
        {
            if (!scanner.MemRange(out var first, out var last) || (last < first && unchecked(last + 1) != first))
                return false;

            range = AddressRange.Inclusive(first, Math.Max(last, first == 0 ? 0 : first - 1));
            return true;
        }

        if (!scanner.Digits16(out var start) || !scanner.Word(" - ") || !scanner.Digits16(out var end) || end < start)
            return false;

        range = new AddressRange(start, end);
        return true;
    }
}
