// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Scenarios.Lines;

/// <summary>Steps as scenario files spell them: "enable", "add 0x100000000+0x8000000@1", "online 0x108000000
/// movable".</summary>
public static class StepWords
{
    private static readonly (string Word, StepKind Kind, StepShape Shape)[] Steps =
    [
        ("enable", StepKind.EnableTdx, StepShape.Alone),
        ("add", StepKind.AddMemory, StepShape.RangeOnNode),
        ("going-online", StepKind.GoingOnline, StepShape.Pages),
        ("machine-check", StepKind.MachineCheck, StepShape.Address),
        ("cpu-online", StepKind.CpuOnline, StepShape.Number),
        ("cpu-offline", StepKind.CpuOffline, StepShape.Number),
        ("keyid-alloc", StepKind.KeyIdAlloc, StepShape.Alone),
        ("keyid-free", StepKind.KeyIdFree, StepShape.Number),
        ("suspend", StepKind.Suspend, StepShape.Alone),
        ("module-update", StepKind.ModuleUpdate, StepShape.Image),
        ("shutdown", StepKind.Shutdown, StepShape.Alone),
        ("kexec", StepKind.Kexec, StepShape.Alone),
        ("crash", StepKind.Crash, StepShape.Alone),
        ("hot-add-managed", StepKind.HotAddManaged, StepShape.RangeOnNode),
        ("hot-add", StepKind.HotAdd, StepShape.RangeOnNode),
        ("hot-remove", StepKind.HotRemove, StepShape.Range),
        ("offline-and-remove", StepKind.OfflineAndRemove, StepShape.Range),
        ("online", StepKind.BlockOnline, StepShape.AddressAndType),
        ("offline", StepKind.BlockOffline, StepShape.Address),
        ("auto-online", StepKind.AutoOnline, StepShape.Type),
        ("plug", StepKind.PlugDimm, StepShape.RangeOnNode),
        ("unplug", StepKind.UnplugDimm, StepShape.Address),
        ("guest-policy", StepKind.GuestPolicy, StepShape.Nodes),
        ("guest-vma-policy", StepKind.GuestVmaPolicy, StepShape.Nodes),
        ("guest-page", StepKind.GuestPage, StepShape.Alone),
    ];

    private static readonly (string Word, OnlineType Type)[] Types =
    [
        ("offline", OnlineType.Offline), ("default", OnlineType.Online), ("kernel", OnlineType.OnlineKernel),
        ("movable", OnlineType.OnlineMovable),
    ];

    private static readonly (string Word, ModuleImage Image)[] Images =
    [
        ("", ModuleImage.Whole), (" no-header", ModuleImage.NoHeader), (" wrong-length", ModuleImage.WrongLength),
        (" wrong-version", ModuleImage.WrongVersion), (" two-signatures", ModuleImage.TwoSignatures),
        (" too-large", ModuleImage.TooLarge), (" wrong-magic", ModuleImage.WrongMagic),
        (" reserved-bits", ModuleImage.ReservedBits), (" too-long", ModuleImage.TooLong),
        (" largest", ModuleImage.Largest),
    ];

    private enum StepShape
    {
        Alone,
        Number,
        Image,
        Address,
        Pages,
        Range,
        RangeOnNode,
        AddressAndType,
        Type,
        Nodes,
    }

    public static string WordOf(StepKind kind) => Array.Find(Steps, s => s.Kind == kind).Word;

    public static string Write(in Step step)
    {
        var kind = step.Kind;
        var (word, _, shape) = Array.Find(Steps, s => s.Kind == kind);
        var type = step.Type;
        var typeWord = Array.Find(Types, t => t.Type == type).Word;
        FormattableString text = shape switch
        {
            StepShape.Alone => $"{word}",
            StepShape.Number => $"{word} {step.Operand}",
            StepShape.Image => $"{word} 0x{step.Order:x}{WordOf(step.Image)}",
            StepShape.Address => $"{word} 0x{step.Address:x}",
            StepShape.Type => $"{word} {typeWord}",
            StepShape.Nodes => $"{word} 0x{step.Nodes:x}{(step.IsForTdx ? " tdx" : "")}",
            StepShape.Pages => $"{word} 0x{step.Pfn:x}+0x{step.Count:x}",
            StepShape.AddressAndType => $"{word} 0x{step.Address:x} {typeWord}",
            _ => $"{word} 0x{step.Address:x}+0x{step.Size:x}{(step.Nid == 0 ? "" : $"@{step.Nid}")}",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads the words behind "step ".</summary>
    /// <param name="expected">What should have stood there, when it is none.</param>
    internal static bool TryRead(LineScanner scanner, out Step step, out string expected)
    {
        foreach (var (word, kind, shape) in Steps)
        {
            var rest = scanner.Rest;
            if (!rest.StartsWith(word, StringComparison.Ordinal)
                || (rest.Length > word.Length && rest[word.Length] != ' '))
            {
                continue;
            }

            scanner.Word(word);
            scanner.Blanks();
            expected = "step " + word + Expected(shape);
            return TryRead(ref scanner, kind, shape, out step) && scanner.IsAtEnd;
        }

        step = default;
        expected = "step " + string.Join(", ", Steps.Select(static s => s.Word));
        return false;
    }

    private static string Expected(StepShape shape) => shape switch
    {
        StepShape.Alone => "",
        StepShape.Number => " NUMBER",
        StepShape.Image => " 0xORDER [" + string.Join('|', Images.Skip(1).Select(static i => i.Word.Trim())) + "]",
        StepShape.Address => " 0xADDRESS",
        StepShape.Range or StepShape.Pages => " 0xSTART+0xSIZE",
        StepShape.RangeOnNode => " 0xSTART+0xSIZE[@NODE]",
        StepShape.Type => " offline|default|kernel|movable",
        StepShape.Nodes => " 0xNODES [tdx]",
        _ => " 0xADDRESS default|kernel|movable",
    };

    private static bool TryRead(ref LineScanner scanner, StepKind kind, StepShape shape, out Step step)
    {
        ulong start = 0, size = 0;
        var nid = 0;
        var type = OnlineType.Offline;
        var isWhole = shape switch
        {
            StepShape.Alone => true,
            StepShape.Number => scanner.Number(out nid) && nid >= 0,
            StepShape.Address or StepShape.Nodes or StepShape.Image => scanner.Hex(out start),
            StepShape.Type => TryType(ref scanner, out type),
            StepShape.AddressAndType => scanner.Hex(out start) && scanner.Word(" ") && TryType(ref scanner, out type)
                && type != OnlineType.Offline,
            _ => scanner.HexPair("+", out start, out size),
        };
        if (shape == StepShape.RangeOnNode && isWhole && scanner.Word("@"))
            isWhole = scanner.Number(out nid);

        step = shape switch
        {
            StepShape.Alone => Step.Alone(kind),
            StepShape.Number => Step.Numbered(kind, nid),
            StepShape.Image => Step.ModuleUpdate(start, ImageAt(ref scanner)),
            StepShape.Address => kind == StepKind.BlockOffline ? Step.Offline(start) : Step.At(kind, start),
            StepShape.Pages => Step.GoingOnline(start, size),
            StepShape.AddressAndType => Step.Online(start, type),
            StepShape.Type => Step.AutoOnline(type),
            StepShape.Nodes => Step.GuestPolicy(kind, start, isWhole && scanner.Word(" tdx")),
            _ => Step.OnMemory(kind, start, size, nid),
        };
        return isWhole;
    }

    private static string WordOf(ModuleImage image) => Array.Find(Images, i => i.Image == image).Word;

    private static ModuleImage ImageAt(ref LineScanner scanner)
    {
        foreach (var (word, image) in Images)
        {
            if (word.Length > 0 && scanner.Word(word))
                return image;
        }

        return ModuleImage.Whole;
    }

    private static bool TryType(ref LineScanner scanner, out OnlineType type)
    {
        foreach (var (word, found) in Types)
        {
            if (scanner.Word(word))
            {
                type = found;
                return true;
            }
        }

        type = default;
        return false;
    }
}
