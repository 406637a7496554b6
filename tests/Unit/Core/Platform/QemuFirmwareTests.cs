// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;

namespace TdxVerify.Tests.Unit.Core.Platform;

public sealed class QemuFirmwareTests
{
    /// <summary>What qemu 7.2 printed for nodes of 1 GiB and 1.25 GiB.</summary>
    [Fact]
    public void TheTablesAreThoseOfARealBoot()
    {
        var machine = Filled(0x40000000, 0x50000000);

        Assert.Equal(
            [
                new E820Entry(0, 0x9fc00, E820Type.Ram), new E820Entry(0x9fc00, 0x400, E820Type.Reserved),
                new E820Entry(0xf0000, 0x10000, E820Type.Reserved),
                new E820Entry(0x100000, 0x8ffe0000 - 0x100000, E820Type.Ram),
                new E820Entry(0x8ffe0000, 0x20000, E820Type.Reserved),
                new E820Entry(0xb0000000, 0x10000000, E820Type.Reserved),
                new E820Entry(0xfed1c000, 0x4000, E820Type.Reserved),
                new E820Entry(0xfffc0000, 0x40000, E820Type.Reserved),
                new E820Entry(0xfd00000000, 0x300000000, E820Type.Reserved),
            ],
            machine.E820);
        Assert.Equal(
            [
                new SratEntry(0, 0, 0, 0xa0000, false, false), new SratEntry(0, 0, 0x100000, 0x40000000, false, false),
                new SratEntry(1, 1, 0x40000000, 0x90000000, false, false),
                new SratEntry(1, 1, 0x100000000, 0x700000000, true, false),
            ],
            machine.Srat);
    }

    /// <summary>
    ///     0        2G      hole     4G   5G    6G
    ///     # node 0 #                # 0  # 1   ..... window
    /// </summary>
    [Fact]
    public void ANodeGoesOnAboveTheHole()
    {
        var machine = Filled(3 * Sizes.Page1G, Sizes.Page1G);

        Assert.Contains(new SratEntry(0, 0, Sizes.Gib4, Sizes.Gib4 + Sizes.Page1G, false, false), machine.Srat);
        Assert.Contains(
            new SratEntry(1, 1, Sizes.Gib4 + Sizes.Page1G, Sizes.Gib4 + (2 * Sizes.Page1G), false, false), machine.Srat);
        Assert.Contains(new E820Entry(Sizes.Gib4, 2 * Sizes.Page1G, E820Type.Ram), machine.E820);
    }

    [Theory]
    [InlineData(0x40000000UL)]
    [InlineData(0x40000000UL, 0x50000000UL)]
    [InlineData(0x80000000UL, 0x80000000UL, 0x40000000UL)]
    [InlineData(0x40000000UL, 0UL)]
    public void WhatItFillsItKnowsAgain(params ulong[] nodes)
    {
        var machine = Filled(nodes);

        Assert.Equal(nodes, QemuFirmware.NodesOf(machine));
        Assert.True(QemuFirmware.Has(machine));
    }

    [Fact]
    public void AnotherMachineIsNotQemus()
    {
        var machine = Filled(0x40000000);
        machine.E820.RemoveAt(1);

        Assert.False(QemuFirmware.Has(machine));
        Assert.False(QemuFirmware.Has(new Machine()));
    }

    [Fact]
    public void ANodeWithoutMemoryInTheMiddleHasNoNumber() =>
        Assert.False(QemuFirmware.Has(Filled(0x40000000, 0, 0x40000000)));

    private static Machine Filled(params ulong[] nodes)
    {
        var machine = new Machine();
        QemuFirmware.Fill(machine, nodes);
        return machine;
    }
}
