// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Platform;

/// <summary>
/// What the firmware of qemu's q35 machine tells about memory: nodes one behind the other, below a hole for devices
/// and on from 4 GiB, and a window behind them where DIMMs may be plugged.
///
///     0    640K  1M     low end - 128K       2 GiB or less   4G              1 GiB aligned
///     ######.....########################....                ##############  .............. window
/// </summary>
public static class QemuFirmware
{
    /// <summary>Slots for DIMMs; each may cost the window a GiB of alignment.</summary>
    public const int Slots = 16;

    /// <summary>Bytes that DIMMs may have together.</summary>
    public const ulong Pluggable = 8 * Sizes.Page1G;

    private const ulong LowLimit = 0xb0000000;
    private const ulong LowOfLarge = 0x80000000;
    private const ulong Tables = 0x20000;
    private const ulong LowHole = 0xa0000;

    private static readonly AddressRange[] Reserved =
        [new(0xb0000000, 0xc0000000), new(0xfed1c000, 0xfed20000), new(0xfffc0000, 0x100000000)];
    private static readonly AddressRange HyperTransport = new(0xfd00000000, 0x10000000000);

    /// <summary>Fills memory map and SRAT of a machine that has none.</summary>
    /// <param name="nodes">Bytes of each node; 0 of the last one: a node without memory.</param>
    public static void Fill(Machine machine, ReadOnlySpan<ulong> nodes)
    {
        ulong total = 0;
        foreach (var size in nodes)
            total += size;

        var low = LowEnd(total);
        var high = Sizes.Gib4 + (total - low);
        FillMap(machine, low, high);
        FillAffinity(machine, nodes, low);
        var window = Pages.AlignUp(high, Sizes.Page1G);
        var last = nodes.Length - 1;
        machine.Srat.Add(new SratEntry(last, last, window, window + Window, Hotplug: true, NonVolatile: false));
    }

    /// <summary>Bytes of the window.</summary>
    public static ulong Window => Pluggable + (Slots * Sizes.Page1G);

    /// <summary>First byte behind memory below 4 GiB.</summary>
    public static ulong LowEnd(ulong total) => total < LowLimit ? total : LowOfLarge;

    /// <summary>Bytes of each node, as <see cref="Fill"/> takes them.</summary>
    public static ulong[] NodesOf(Machine machine)
    {
        var nodes = new ulong[machine.Srat.Count == 0 ? 1 : machine.Srat.Max(static e => e.Nid) + 1];
        foreach (var entry in machine.Srat)
        {
            if (!entry.Hotplug)
                nodes[entry.Nid] += entry.Size + (entry.Start == Sizes.Mib ? Sizes.Mib - LowHole : 0);
        }

        return nodes;
    }

    /// <summary>True for a machine that <see cref="Fill"/> could have made.</summary>
    public static bool Has(Machine machine)
    {
        if (machine.Srat.Count == 0 || machine.Srat.Exists(static e => e.Nid is < 0 or > 63))
            return false;

        // The kernel numbers nodes as it meets them: one that the table does not name takes no number.
        var nodes = NodesOf(machine);
        if (Array.IndexOf(nodes, 0UL, 0, nodes.Length - 1) >= 0)
            return false;

        var other = new Machine();
        Fill(other, nodes);
        return other.E820.SequenceEqual(machine.E820) && other.Srat.SequenceEqual(machine.Srat);
    }

    private static void FillMap(Machine machine, ulong low, ulong high)
    {
        Add(machine, new AddressRange(0, 0x9fc00), E820Type.Ram);
        Add(machine, new AddressRange(0x9fc00, LowHole), E820Type.Reserved);
        Add(machine, new AddressRange(0xf0000, Sizes.Mib), E820Type.Reserved);
        Add(machine, new AddressRange(Sizes.Mib, low - Tables), E820Type.Ram);
        Add(machine, new AddressRange(low - Tables, low), E820Type.Reserved);
        foreach (var range in Reserved)
            Add(machine, range, E820Type.Reserved);

        if (high > Sizes.Gib4)
            Add(machine, new AddressRange(Sizes.Gib4, high), E820Type.Ram);

        Add(machine, HyperTransport, E820Type.Reserved);
    }

    private static void FillAffinity(Machine machine, ReadOnlySpan<ulong> nodes, ulong low)
    {
        ulong at = 0;
        for (var nid = 0; nid < nodes.Length; nid++)
        {
            var end = at + nodes[nid];
            AddAffinity(machine, nid, at, Math.Min(end, LowHole));
            AddAffinity(machine, nid, Math.Max(at, Sizes.Mib), Math.Min(end, low));
            AddAffinity(machine, nid, Sizes.Gib4 + Math.Max(at, low) - low, Sizes.Gib4 + Math.Max(end, low) - low);
            at = end;
        }
    }

    private static void AddAffinity(Machine machine, int nid, ulong start, ulong end)
    {
        if (start < end)
            machine.Srat.Add(new SratEntry(nid, nid, start, end, Hotplug: false, NonVolatile: false));
    }

    private static void Add(Machine machine, AddressRange range, E820Type type) =>
        machine.E820.Add(new E820Entry(range.Start, range.Size, type));
}
