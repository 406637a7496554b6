// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

/// <summary>A search boots millions of machines with one flow: nothing is allocated, and nothing is left over from the machine before.</summary>
public sealed class BootFlowReuseTests
{
    private const ulong OneGib = 0x4000_0000;
    private readonly BootFlow _flow = new();
    private readonly MemblockTable _memblock = new();

    private static E820Entry E(ulong start, ulong end, E820Type type = E820Type.Ram) => new(start, end - start, type);

    private static SratEntry S(int nid, ulong start, ulong end, bool hotplug = false) => new(nid, nid, start, end, hotplug, NonVolatile: false);

    private static MemblockCall Call(MemblockCallKind kind, ulong start, ulong size, int nid = PfnRange.MaxNumnodes) =>
        new(kind, start, size, nid, 0);

    private static Machine Usual() => new()
    {
        E820 =
        {
            E(0, 0x9e000), E(0x9e000, 0xa0000, E820Type.Reserved), E(0x100000, 0x2000_0000), E(0x2000_0000, 0x2100_0000, E820Type.Acpi),
            E(0x2100_0000, 0x3000_0000), E(0x3000_0000, OneGib, E820Type.Reserved), E(OneGib, 2 * OneGib, E820Type.SoftReserved),
            E(4 * OneGib, 8 * OneGib), E(9 * OneGib, 12 * OneGib),
        },
        Srat = { S(0, 0, 8 * OneGib), S(1, 8 * OneGib, 10 * OneGib), S(1, 10 * OneGib, 16 * OneGib, hotplug: true) },
        Cmrs = { new Cmr(0x100000, 0x2ff0_0000), new Cmr(4 * OneGib, 8 * OneGib) },
        MemblockCalls = { Call(MemblockCallKind.Reserve, 5 * OneGib, OneGib), Call(MemblockCallKind.MarkNomap, 0x1000_0000, 0x1000) },
    };

    private static Machine Overlapping() => new()
    {
        E820 =
        {
            E(4 * OneGib, 8 * OneGib), E(0x3000_0000, 5 * OneGib, E820Type.Reserved), E(0, OneGib), E(0x2000_0000, 0x2100_0000, E820Type.Nvs),
            E(0x1000_0000, 0x2080_0000, E820Type.Unusable), E(0, OneGib),
        },
        E820Changes =
        {
            new E820Change(E820ChangeKind.Update, 0x800_0000, 0x1000, E820Type.Ram, E820Type.ReservedKern),
            new E820Change(E820ChangeKind.Remove, 7 * OneGib, OneGib, E820Type.Ram, E820Type.None),
        },
        Mirrored = { new AddressRange(0x400_0000, 0x600_0000) },
        Options = BootOptions.None with { KernelcoreMirror = true },
    };

    // Blocks of two nodes overlap.
    private static Machine WithABadSrat() => new()
    {
        E820 = { E(0x100000, OneGib), E(4 * OneGib, 8 * OneGib) },
        Srat = { S(0, 0, 5 * OneGib), S(1, 4 * OneGib, 8 * OneGib) },
    };

    // More than are sorted by insertion, from the top down, with holes between them.
    private static Machine Long()
    {
        var machine = new Machine();
        for (ulong i = 200; i > 0; i--)
        {
            machine.E820.Add(E(i * 0x100000, (i * 0x100000) + 0xf0000, i % 2 == 0 ? E820Type.Ram : E820Type.Reserved));
        }

        return machine;
    }

    private static Machine WithFakeNodes()
    {
        var machine = Usual();
        machine.Options = BootOptions.None with { NumaFake = "4" };
        return machine;
    }

    private static Machine Calls(params SratEntry[] srat)
    {
        var machine = new Machine
        {
            MemblockCalls =
            {
                Call(MemblockCallKind.Add, 0x100000, OneGib, 0), Call(MemblockCallKind.Add, 4 * OneGib, 4 * OneGib, 1),
                Call(MemblockCallKind.Remove, 0x2000_0000, 0x1000), Call(MemblockCallKind.Reserve, 0, 0x100000),
                Call(MemblockCallKind.SetNode, 5 * OneGib, OneGib, 2), Call(MemblockCallKind.MarkHotplug, 6 * OneGib, OneGib),
                Call(MemblockCallKind.Free, 0x1000, 0x1000), Call(MemblockCallKind.Trim, 0, Sizes.Page4K),
            },
        };
        machine.Srat.AddRange(srat);
        return machine;
    }

    [Fact]
    public void ManyRunsAllocateNothing()
    {
        Repository.RequireNoMutants();
        Machine[] machines = [Usual(), Overlapping(), WithABadSrat(), Long(), Calls(), Calls(S(0, 0, 16 * OneGib))];
        RunThousand(machines);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RunThousand(machines);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void RunThousand(Machine[] machines)
    {
        for (var i = 0; i < 1000; i++)
        {
            _flow.Run(machines[i % machines.Length], _memblock);
        }
    }

    [Fact]
    public void AFlowThatWasUsedBootsAsAFreshOneDoes()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var machine = new RandomScenario(seed).Build().Machine;

            // Fake nodes take seconds where memory is as large as an address is long.
            machine.Options = machine.Options with { NumaFake = null };
            Assert.Equal(Outcome(new BootFlow(), new MemblockTable(), machine), Outcome(_flow, _memblock, machine));
        }
    }

    [Fact]
    public void MachinesOfEveryShapeBootAsInAFreshFlow()
    {
        Machine[] machines = [Long(), Usual(), Calls(S(0, 0, 16 * OneGib)), Overlapping(), WithFakeNodes(), Calls(), WithABadSrat(), new Machine(), Usual()];
        foreach (var machine in machines)
        {
            Assert.Equal(Outcome(new BootFlow(), new MemblockTable(), machine), Outcome(_flow, _memblock, machine));
        }
    }

    private static string Outcome(BootFlow flow, MemblockTable memblock, Machine machine)
    {
        try
        {
            var result = flow.Run(machine, memblock);
            return string.Join('\n', [result.Nodes, result.MaxPfn, .. result.EarlyRanges, .. memblock.Memory.Regions, "reserved", .. memblock.Reserved.Regions]);
        }
        catch (KernelPanicException panic)
        {
            return panic.Message;
        }
    }

    [Fact]
    public void TheResultOfARunIsOverwrittenByTheNext()
    {
        var first = _flow.Run(Usual(), _memblock);
        Assert.Same(first, _flow.Run(WithABadSrat(), _memblock));
        Assert.Equal(NodeSource.SratRejected, first.Nodes);
    }
}
