// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Shrinking;

/// <summary>The plainest way to say what memory a machine has: one memblock_add_node() a range, one CMR around everything.</summary>
internal static class CanonicalMachine
{
    private const ulong Top = 1UL << 43;

    /// <summary>Pages of a PAMT for one GiB: the least memory that can hold one.</summary>
    private const ulong LeastMemory = 0x403000;

    private static readonly Cmr FromFirstMib = new(Sizes.Mib, Top - Sizes.Mib);
    private static readonly Cmr FromZero = new(0, Top);

    /// <summary>How plain the CMRs are: one around everything from 1 MiB on (0), from 0 on (1), none (2), others (3 and their number).</summary>
    public static int CmrRank(Machine machine) => machine.Cmrs switch
    {
        [var only] when only == FromFirstMib => 0,
        [var only] when only == FromZero => 1,
        [] => 2,
        var others => 3 + others.Count,
    };

    /// <summary>Replaces the CMRs by those of a rank below 3.</summary>
    public static void SetCmrs(Machine machine, int rank)
    {
        machine.Cmrs.Clear();
        if (rank < 2)
        {
            machine.Cmrs.Add(rank == 0 ? FromFirstMib : FromZero);
        }
    }

    /// <summary>One range of memory that has just room for a PAMT.</summary>
    public static void SetLeastMemory(Machine machine)
    {
        machine.E820.Clear();
        machine.E820Changes.Clear();
        machine.Srat.Clear();
        machine.Mirrored.Clear();
        machine.HotpluggableMemory.Clear();
        machine.MemblockCalls.Clear();
        machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, Sizes.Mib, LeastMemory, 0, 0));
    }

    /// <summary>Says the memory in plain additions.</summary>
    /// <returns>False where that is not known.</returns>
    public static bool TrySetMemory(Scenario scenario)
    {
        var machine = scenario.Machine;
        var truth = new ExpectedMemory();
        if (!truth.TryBoot(machine))
        {
            return false;
        }

        machine.E820.Clear();
        machine.E820Changes.Clear();
        machine.Srat.Clear();
        machine.Mirrored.Clear();
        machine.HotpluggableMemory.Clear();
        machine.Options = BootOptions.None;
        machine.MemblockCalls.Clear();
        foreach (ref readonly var piece in truth.Memory.Pieces)
        {
            machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, piece.Range.Start, piece.Range.Size, piece.Nid, piece.Flags));
        }

        return true;
    }
}
