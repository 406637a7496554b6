// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Subjects.Guest.State;

/// <summary>A memory block as sysfs shows it.</summary>
/// <param name="State">"online", "offline", "going-offline".</param>
/// <param name="Nodes">Its nodes, ascending.</param>
/// <param name="Zones">valid_zones.</param>
public sealed record GuestBlock(string State, IReadOnlyList<int> Nodes, IReadOnlyList<string> Zones);

/// <summary>A zone as /proc/zoneinfo shows it, in pages.</summary>
public sealed record GuestZone(int Nid, string Name, ulong Start, ulong Spanned, ulong Present, ulong Managed);

/// <summary>What a running kernel shows of its memory.</summary>
public sealed class GuestState
{
    private const string Online = "online";

    private readonly List<MemblockRegion> _memblock = [];
    private readonly List<AddressRange> _ram = [];

    private GuestState(ulong blockSize) => BlockSize = blockSize;

    /// <summary>Bytes of a memory block.</summary>
    public ulong BlockSize { get; }

    public SortedDictionary<ulong, GuestBlock> Blocks { get; } = [];

    /// <summary>Zones that span anything, by "node/name".</summary>
    public SortedDictionary<string, GuestZone> Zones { get; } = new(StringComparer.Ordinal);

    /// <summary>memblock.memory; none where it was given up after boot.</summary>
    public IReadOnlyList<MemblockRegion> Memblock => _memblock;

    /// <summary>Top-level "System RAM" of /proc/iomem.</summary>
    public IReadOnlyList<AddressRange> Ram => _ram;

    /// <summary>Files of /sys/devices/system/node, and auto_online_blocks.</summary>
    public SortedDictionary<string, string> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>CPUs that are online: "0-1".</summary>
    public string Cpus { get; private set; } = "";

    /// <summary>Reads what the agent tells.</summary>
    /// <exception cref="GuestException">A line is not as expected.</exception>
    public static GuestState Read(IReadOnlyList<string> lines, ulong blockSize)
    {
        var state = new GuestState(blockSize);
        var zone = new ZoneReader(state.Zones);
        foreach (var line in lines)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            try
            {
                state.Read(words, zone);
            }
            catch (Exception problem)
                when (problem is FormatException or IndexOutOfRangeException or OverflowException)
            {
                throw new GuestException($"expected a line of a kernel's memory, got '{line}'");
            }
        }

        zone.End();
        return state;
    }

    private void Read(string[] words, ZoneReader zone)
    {
        switch (words[0])
        {
            case "block":
                var nodes = words[2] == "-" ? [] : words[2].Split(',').Select(Int).Order().ToArray();
                Blocks[ulong.Parse(words[1], CultureInfo.InvariantCulture)] =
                    new GuestBlock(words[3], nodes, words[4..]);
                break;
            case "zone":
                zone.Read(words);
                break;
            case "memblock":
                _memblock.Add(Region(words));
                break;
            case "ram":
                var ends = words[1].Split('-');
                _ram.Add(new AddressRange(Hex(ends[0]), Hex(ends[1]) + 1));
                break;
            case "node":
                Nodes[words[1]] = words.Length > 2 ? words[2] : "";
                break;
            case "cpus":
                Cpus = words[1];
                break;
            default:
                throw new FormatException();
        }
    }

    /// <summary>Writes down what a trace keeps.</summary>
    /// <param name="hasMemblock">With memblock; else it is read elsewhere.</param>
    public void Capture(Snapshot snapshot, bool hasMemblock)
    {
        foreach (var region in hasMemblock ? _memblock : [])
            snapshot.Add(region);

        foreach (var (id, block) in Blocks)
        {
            var isOnline = block.State == Online;
            ZoneKind? zone = isOnline && block.Zones is [var name] && KindOf(name) is { } kind ? kind : null;
            var nid = block.Nodes.Count > 0 ? block.Nodes[^1] : 0;
            snapshot.Add(new BlockView(
                Pages.PfnDown(id * BlockSize), Pages.PfnDown((id + 1) * BlockSize), isOnline, nid, zone));
        }

        var zones = Zones.Values.Select(static z => (Zone: z, Kind: KindOf(z.Name)))
            .Where(static z => z.Kind is not null).OrderBy(static z => z.Zone.Nid).ThenBy(static z => z.Kind);
        foreach (var (zone, kind) in zones)
            snapshot.Add(new ZoneView(zone.Nid, kind!.Value, zone.Start, zone.Spanned, zone.Present));

        CaptureManaged(snapshot);
    }

    /// <summary>What is System RAM of a block that is online was given to the page allocator, on the node of
    /// memblock; the first MiB is kept for firmware.</summary>
    private void CaptureManaged(Snapshot snapshot)
    {
        foreach (var (id, block) in Blocks)
        {
            foreach (var ram in block.State == Online ? _ram : [])
            {
                var start = Pages.PfnUp(Math.Max(Math.Max(ram.Start, Sizes.Mib), id * BlockSize));
                var end = Pages.PfnDown(Math.Min(ram.End, (id + 1) * BlockSize));
                while (start < end)
                {
                    var region = _memblock.Find(r => Pages.PfnDown(r.Base) <= start && start < Pages.PfnDown(r.End));
                    var stop = region.Size > 0 ? Math.Min(end, Pages.PfnDown(region.End)) : end;
                    var nid = region.Size > 0 ? region.Nid : block.Nodes.Count > 0 ? block.Nodes[^1] : 0;
                    snapshot.AddManaged(new PfnRange(start, stop, nid));
                    start = stop;
                }
            }
        }
    }

    /// <summary>The kind of a zone; null: it is none that is put online.</summary>
    public static ZoneKind? KindOf(string name) => name switch
    {
        "DMA" => ZoneKind.Dma,
        "DMA32" => ZoneKind.Dma32,
        "Normal" => ZoneKind.Normal,
        "Movable" => ZoneKind.Movable,
        _ => null,
    };

    /// <summary>"0: 0x..1000..0x..9efff 0 NONE"; the node is missing where it is none.</summary>
    private static MemblockRegion Region(string[] words)
    {
        var ends = words[2].Split("..");
        var start = Hex(ends[0]);
        var nid = words.Length > 4 && words[3] != "x" ? Int(words[3]) : -1;
        return new MemblockRegion(start, Hex(ends[1]) + 1 - start, FlagsOf(words[^1]), nid);
    }

    private static MemblockFlags FlagsOf(string names)
    {
        var flags = MemblockFlags.None;
        foreach (var name in names.Split('|'))
        {
            flags |= name switch
            {
                "HOTPLUG" => MemblockFlags.Hotplug,
                "MIRROR" => MemblockFlags.Mirror,
                "NOMAP" => MemblockFlags.Nomap,
                "DRV_MNG" => MemblockFlags.DriverManaged,
                _ => MemblockFlags.None,
            };
        }

        return flags;
    }

    private static ulong Hex(string text) => ulong.Parse(
        text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text, NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
