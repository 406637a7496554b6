// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>
/// The boot behind a kexec handover: every GiB that holds nothing of the kernel before is KHO_SCRATCH
/// (kho_extend_scratch()), so that regions touch at GiBs:
///
///     0    1G    2G    3G    4G    5G    6G
///     ssssssssssss######ssssss######ssssss      # busy, s scratch
/// </summary>
internal static class KhoScratchGenerator
{
    private const ulong MaxEnd = 1UL << 51;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly int[] Counts = [1, 2, 3, 7, 8, 16, 31, 32];
    private static readonly int[] Strides = [2, 3, 4, 8];

    public static void Fill(ref SplitMix64 random, Machine machine)
    {
        if (!random.Chance(12))
            return;

        var end = EndOf(machine);
        if (end == 0 || end > MaxEnd)
            return;

        var isRegular = random.Chance(50);
        var busy = random.Pick<int>(Counts);
        var stride = (ulong)random.Pick<int>(Strides);
        var gibs = Pages.AlignUp(end, Sizes.Page1G) / Sizes.Page1G;
        ulong at = 0;
        ulong gib = 0;
        for (; busy > 0 && gib < gibs; busy--)
        {
            gib += isRegular ? stride : 1 + random.Below(Math.Max(1, (gibs - gib) / (ulong)busy));
            Mark(machine, at, Math.Min(gib * Sizes.Page1G, end));
            at = (gib + 1) * Sizes.Page1G;
            gib++;
        }

        Mark(machine, at, end);
    }

    private static void Mark(Machine machine, ulong start, ulong end)
    {
        if (start < end)
            machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.MarkKhoScratch, start, end - start, 0, 0));
    }

    /// <summary>memblock_end_of_DRAM(), or a little more.</summary>
    private static ulong EndOf(Machine machine)
    {
        ulong end = 0;
        foreach (var entry in machine.E820)
            end = Math.Max(end, entry.Type == E820Type.Ram ? entry.End : 0);

        foreach (var call in machine.MemblockCalls)
            end = Math.Max(end, call.Kind == MemblockCallKind.Add ? call.Address + call.Size : 0);

        return end;
    }
}
