// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Calls of memblock alone: nothing else of the machine counts. Ranges lie on a line of slots, so that they
/// meet, overlap and touch.</summary>
internal static class MemblockMachines
{
    private const int FirstArray = 128;
    private const int MostNodes = 4;
    private const ulong LastStart = ulong.MaxValue - 4095 - (8 * Sizes.Page1G);

    private static readonly ulong[] Units =
        [Sizes.Page4K, Sizes.Page4K, Sizes.Page2M, 128 * Sizes.Mib, Sizes.Page1G];

    private static readonly ulong[] Starts =
    [
        0, 0, Sizes.Page4K, Sizes.Mib, Sizes.Page1G, Sizes.Gib4, (1UL << 52) - (8 * Sizes.Page1G),
        LastStart,
    ];

    // How often each is made is how often it stands here.
    private static readonly MemblockCallKind[] Kinds =
    [
        MemblockCallKind.Add, MemblockCallKind.Add, MemblockCallKind.Add, MemblockCallKind.Reserve,
        MemblockCallKind.Reserve, MemblockCallKind.Reserve, MemblockCallKind.Remove, MemblockCallKind.Free,
        MemblockCallKind.SetNode, MemblockCallKind.SetNodeReserved, MemblockCallKind.MarkNoinit,
        MemblockCallKind.MarkHotplug, MemblockCallKind.MarkMirror, MemblockCallKind.MarkNomap,
        MemblockCallKind.ClearHotplug, MemblockCallKind.ClearNomap, MemblockCallKind.Trim,
        MemblockCallKind.Overlaps, MemblockCallKind.OverlapsReserved, MemblockCallKind.Walk,
    ];

    private static readonly MemblockCallKind[] EarlyKinds =
    [
        MemblockCallKind.Alloc, MemblockCallKind.Alloc, MemblockCallKind.AllocExact, MemblockCallKind.PhysAlloc,
        MemblockCallKind.PhysAlloc, MemblockCallKind.BottomUp, MemblockCallKind.CurrentLimit,
    ];

    private static readonly int[] Fillings =
        [FirstArray - 2, FirstArray - 1, FirstArray, FirstArray + 1, 2 * FirstArray - 1, 2 * FirstArray, 63, 64, 65];

    public static void Fill(ref SplitMix64 random, Scenario scenario)
    {
        var machine = scenario.Machine;
        machine.KeyIds = new KeyIdPartition(31, 0);
        machine.Options = random.Chance(30) ? BootFlags.Mirror : BootOptions.None;
        var isEarly = random.Chance(60);
        if (isEarly)
            machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.AllowResize, 0, 0, PfnRange.MaxNumnodes, 0));
        else if (random.Chance(10))
            scenario.Faults.FailingArray = random.Between(1, 3);

        var unit = random.Pick<ulong>(Units);
        var line = new Line(random.Pick<ulong>(Starts), unit, 0);
        switch (random.Below(100))
        {
            case < 80:
                line = line with { Slots = random.Between(2, 12) };
                break;
            case < 97:
                line = line with { Slots = 2 * (random.Pick<int>(Fillings) + (random.Chance(20) ? 1 : 0)) };
                FillSlots(ref random, machine, line, isEarly);
                break;
            default:
                line = line with { Slots = 2 * random.Between(2 * FirstArray, 600) };
                FillSlots(ref random, machine, line, isEarly);
                break;
        }

        var isFilled = machine.MemblockCalls.Count > 1;
        for (var left = isFilled ? random.Between(1, 8) : random.Between(3, 24); left > 0; left--)
        {
            var kind = isEarly && random.Chance(30)
                ? random.Pick<MemblockCallKind>(EarlyKinds)
                : random.Pick<MemblockCallKind>(Kinds);
            var call = Call(ref random, kind, line);
            if (IsSensible(call, line, isEarly && isFilled))
                machine.MemblockCalls.Add(call);
        }
    }

    /// <summary>Who frees what memblock reserved for its arrays asks for what follows; an array does not keep away
    /// from what is reserved from address 0 on; and rounding up wraps at the end of the address space.</summary>
    private static bool IsSensible(in MemblockCall call, in Line line, bool hasArrays) => call.Kind switch
    {
        MemblockCallKind.Free => !hasArrays,
        MemblockCallKind.Reserve => !hasArrays || call.Address > 0,
        MemblockCallKind.Trim => line.Start < LastStart,
        _ => true,
    };

    /// <summary>Every second slot; or all, two nodes by turns; reserved or memory or both. Before slab both arrays are
    /// never doubled twice: memblock_double_array() may put them into the same memory.</summary>
    private static void FillSlots(ref SplitMix64 random, Machine machine, Line line, bool isEarly)
    {
        const int Room = 16;
        var isAlone = isEarly && line.Slots / 2 > (2 * FirstArray) - Room;
        var (memory, reserved) = random.Below(isAlone ? 2 : 3) switch
        {
            0 => (true, false),
            1 => (false, true),
            _ => (true, true),
        };
        var isWhole = random.Chance(30);
        var isDescending = random.Chance(25);
        if (!memory)
        {
            // Where arrays and allocations find room.
            machine.MemblockCalls.Add(new MemblockCall(
                MemblockCallKind.Add, line.Start, line.Unit * (ulong)line.Slots, 0, MemblockFlags.None));
        }

        for (var i = 0; i < line.Slots / 2; i++)
        {
            var slot = isDescending ? (line.Slots / 2) - 1 - i : i;
            var start = line.At(isWhole ? slot : 2 * slot);
            if (memory)
                machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, start, line.Unit, slot % 2, 0));

            if (reserved)
            {
                machine.MemblockCalls.Add(new MemblockCall(
                    MemblockCallKind.Reserve, start, memory || isWhole ? Sizes.Page4K : line.Unit,
                    PfnRange.MaxNumnodes, 0));
            }
        }
    }

    private static MemblockCall Call(ref SplitMix64 random, MemblockCallKind kind, in Line line)
    {
        var first = random.Below(line.Slots);
        var last = first + (random.Chance(10) ? random.Below(line.Slots) : random.Below(4));
        var start = line.At(first) + Offset(ref random, line.Unit);
        var end = line.At(last + 1) + Offset(ref random, line.Unit);
        var size = end > start ? end - start : line.Unit;
        var nid = random.Below(MostNodes);
        switch (kind)
        {
            case MemblockCallKind.Add:
                var flags = random.Chance(85) ? MemblockFlags.None : random.Pick<MemblockFlags>(
                    [MemblockFlags.Hotplug, MemblockFlags.Mirror, MemblockFlags.Nomap, MemblockFlags.DriverManaged]);
                return random.Chance(15)
                    ? new MemblockCall(kind, start, size, PfnRange.MaxNumnodes, MemblockFlags.None)
                    : new MemblockCall(kind, start, size, nid, flags);
            case MemblockCallKind.Trim:
                return new MemblockCall(kind, 0, Sizes.Page4K, PfnRange.MaxNumnodes, 0);
            case MemblockCallKind.SetNode or MemblockCallKind.SetNodeReserved:
                return random.Chance(10)
                    ? new MemblockCall(kind, 0, ulong.MaxValue, nid, 0)
                    : new MemblockCall(kind, start, size, nid, 0);
            case MemblockCallKind.Walk:
                return new MemblockCall(kind, 0, 0, random.Chance(50) ? PfnRange.NoNode : nid, 0);
            case MemblockCallKind.BottomUp:
                return new MemblockCall(kind, 0, (ulong)random.Below(2), PfnRange.MaxNumnodes, 0);
            case MemblockCallKind.CurrentLimit:
                return new MemblockCall(kind, start, 0, PfnRange.MaxNumnodes, 0);
            case MemblockCallKind.Alloc or MemblockCallKind.AllocExact or MemblockCallKind.PhysAlloc:
                return Allocation(ref random, kind, line);
            default:
                return random.Chance(kind is MemblockCallKind.Overlaps or MemblockCallKind.OverlapsReserved ? 20 : 4)
                    ? new MemblockCall(
                        kind, random.Chance(50) ? 0 : start, ulong.MaxValue, PfnRange.MaxNumnodes, 0)
                    : new MemblockCall(kind, start, size, PfnRange.MaxNumnodes, 0);
        }
    }

    private static MemblockCall Allocation(ref SplitMix64 random, MemblockCallKind kind, in Line line)
    {
        var size = random.Below(4) switch
        {
            0 => Sizes.Page4K,
            1 => line.Unit,
            2 => 1 + random.Below(2 * line.Unit),
            _ => Sizes.Page4K << random.Below(6),
        };
        var alignment = random.Below(4) switch
        {
            0 => 0UL,
            1 => 1UL << random.Below(12),
            2 => line.Unit,
            _ => Sizes.Page4K,
        };
        var from = random.Chance(60) ? 0 : line.At(random.Below(line.Slots)) + Offset(ref random, line.Unit);
        var limit = random.Chance(60) ? 0 : line.At(random.Below(line.Slots) + 1) + Offset(ref random, line.Unit);
        var nid = random.Chance(30) ? PfnRange.NoNode : random.Below(MostNodes);
        return new MemblockCall(kind, from, size, nid, 0, limit, alignment);
    }

    /// <summary>Mostly none; else a page, a byte, or less than a slot.</summary>
    private static ulong Offset(ref SplitMix64 random, ulong unit) => random.Below(12) switch
    {
        0 => Sizes.Page4K,
        1 => 1,
        2 => Sizes.Page4K - 1,
        3 => random.Below(unit),
        _ => 0,
    };

    /// <summary>So many slots of a size from an address on.</summary>
    private readonly record struct Line(ulong Start, ulong Unit, int Slots)
    {
        public ulong At(int slot) => unchecked(Start + (Unit * (ulong)slot));
    }
}
