// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>What happens after boot: TDX is enabled, memory is added and goes online, machine checks arrive.</summary>
internal static class StepGenerator
{
    private const ulong BlockSize = 128 * Sizes.Mib;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly int[] AddedBlocks = [1, 1, 8, 16];

    public static void Fill(ref SplitMix64 random, Scenario scenario)
    {
        var steps = scenario.Steps;
        if (random.Chance(8))
            steps.Add(Online(ref random, scenario.Machine));

        if (random.Chance(12))
            steps.Add(Addition(ref random, scenario.Machine));

        steps.Add(Step.Enable);
        for (var more = random.Below(4); more > 0; more--)
        {
            steps.Add(random.Below(10) switch
            {
                < 4 => Online(ref random, scenario.Machine),
                < 6 => Step.Enable,
                < 7 => Addition(ref random, scenario.Machine),
                _ => Step.At(StepKind.MachineCheck, SomeEdge(ref random, scenario.Machine)),
            });
            if (steps[^1].Kind == StepKind.MachineCheck && random.Chance(25))
                scenario.Choices.TdPage = Pages.AlignDown(steps[^1].Address, Sizes.Page4K);
        }
    }

    private static AddressRange SomeRange(ref SplitMix64 random, Machine machine)
    {
        if (machine.MemblockCalls.Count > 0)
        {
            var call = machine.MemblockCalls[random.Below(machine.MemblockCalls.Count)];
            return AddressRange.OfSize(call.Address, call.Size);
        }

        if (machine.E820.Count == 0)
            return new AddressRange(Sizes.Page1G, 2 * Sizes.Page1G);

        var entry = machine.E820[random.Below(machine.E820.Count)];
        return AddressRange.OfSize(entry.Address, entry.Size);
    }

    private static ulong SomeEdge(ref SplitMix64 random, Machine machine)
    {
        var range = SomeRange(ref random, machine);
        return random.Below(10) switch
        {
            < 2 => range.Start,
            < 4 => range.End,
            < 6 => range.Start - Math.Min(range.Start, Sizes.Page4K),
            6 => Sizes.Gib4,
            _ => range.Start + random.Below(range.Size + 1),
        };
    }

    private static Step Online(ref SplitMix64 random, Machine machine)
    {
        var range = SomeRange(ref random, machine);
        var next = SomeRange(ref random, machine);
        var (start, end) = random.Below(6) switch
        {
            0 => (range.Start, range.End),
            1 => (Pages.AlignDown(range.Start, BlockSize), Pages.AlignDown(range.Start, BlockSize) + BlockSize),
            2 => (range.Start, range.End + Sizes.Page4K),
            3 => (range.Start - Math.Min(range.Start, Sizes.Page4K), range.End),
            4 => (Math.Min(range.Start, next.Start), Math.Max(range.End, next.End)),
            _ => (Pages.AlignUp(range.Start, BlockSize), Pages.AlignUp(range.Start, BlockSize) + BlockSize),
        };
        var first = Pages.PfnDown(start);
        return Step.GoingOnline(first, Math.Max(Pages.PfnDown(end), first + 1) - first);
    }

    private static Step Addition(ref SplitMix64 random, Machine machine)
    {
        var near = Pages.AlignUp(SomeRange(ref random, machine).End, BlockSize);
        var size = BlockSize * (ulong)random.Pick<int>(AddedBlocks);
        return Step.OnMemory(StepKind.AddMemory, near, size, random.Below(3));
    }
}
