// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Machines around a real one: its map with some edges moved, holes cut and entries dropped.</summary>
internal sealed class NearbyMachines(Scenario origin)
{
    private const int MaxChanges = 6;

    /// <summary>Fills in a machine; every sixteenth is the real one.</summary>
    public void Fill(ref SplitMix64 random, Scenario scenario)
    {
        scenario.Machine.CopyFrom(origin.Machine);
        for (var changes = random.Chance(6) ? 0 : random.Between(1, MaxChanges); changes > 0; changes--)
            Change(ref random, scenario.Machine);
    }

    private static void Change(ref SplitMix64 random, Machine machine)
    {
        if (machine.E820.Count == 0)
        {
            ChangeCall(ref random, machine);
            return;
        }

        var index = random.Below(machine.E820.Count);
        var entry = machine.E820[index];
        var pages = (ulong)random.Between(1, 64) * Sizes.Page4K;
        if (entry.Size <= 4 * pages)
            return;

        switch (random.Below(4))
        {
            case 0:
                machine.E820[index] = entry with { Size = entry.Size - pages };
                break;
            case 1:
                machine.E820[index] = entry with { Address = entry.Address + pages, Size = entry.Size - pages };
                break;
            case 2:
                machine.E820[index] =
                    entry with { Type = entry.Type == E820Type.Ram ? E820Type.Reserved : E820Type.Ram };
                break;
            default:
                var cut = entry.Address
                    + Pages.AlignDown(random.Below(entry.Size - (2 * pages)) + Sizes.Page4K, Sizes.Page4K);
                machine.E820[index] = entry with { Size = cut - entry.Address };
                machine.E820.Insert(index + 1, new E820Entry(cut + pages, entry.End - cut - pages, entry.Type));
                break;
        }
    }

    private static void ChangeCall(ref SplitMix64 random, Machine machine)
    {
        if (machine.MemblockCalls.Count > 0)
        {
            var index = random.Below(machine.MemblockCalls.Count);
            var call = machine.MemblockCalls[index];
            var bytes = Math.Min((ulong)random.Between(1, 64) * Sizes.Page4K, call.Size / 2);
            machine.MemblockCalls[index] = call with { Address = call.Address + bytes, Size = call.Size - bytes };
        }
    }
}
