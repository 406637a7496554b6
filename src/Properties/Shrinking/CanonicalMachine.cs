// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;
using TdxVerify.Properties.Views;

namespace TdxVerify.Properties.Shrinking;

/// <summary>The plainest way to say what memory a machine has: one memblock_add_node() a range, one CMR around everything.</summary>
internal static class CanonicalMachine
{
    private const ulong Top = 1UL << 43;

    private static readonly Cmr Everything = new(Sizes.Mib, Top - Sizes.Mib);

    /// <summary>True when one CMR lies around everything.</summary>
    public static bool HasCmrs(Machine machine) => machine.Cmrs.Count == 1 && machine.Cmrs[0] == Everything;

    /// <summary>Replaces the CMRs.</summary>
    public static void SetCmrs(Machine machine)
    {
        machine.Cmrs.Clear();
        machine.Cmrs.Add(Everything);
    }

    /// <summary>Says the memory in plain additions.</summary>
    /// <returns>False where that is not known.</returns>
    public static bool TrySetMemory(Scenario scenario)
    {
        var machine = scenario.Machine;
        var truth = new MemoryTruth();
        if (!truth.TryBoot(machine))
        {
            return false;
        }

        machine.E820.Clear();
        machine.E820Changes.Clear();
        machine.Srat.Clear();
        machine.Mirrored.Clear();
        machine.LaterMemory.Clear();
        machine.Options = BootOptions.None;
        machine.MemblockOperations.Clear();
        foreach (ref readonly var piece in truth.Memory.Pieces)
        {
            machine.MemblockOperations.Add(new MemblockOperation(MemblockOperationKind.Add, piece.Range.Start, piece.Range.Size, piece.Nid, piece.Flags));
        }

        return true;
    }
}
