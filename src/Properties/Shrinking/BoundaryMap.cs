// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// All edges of a scenario's memory and steps, and the scenario with its edges moved. By the unit of a page, what is
/// about whole memory blocks stays where it is.
/// </summary>
internal static class BoundaryMap
{
    /// <summary>The least memory block.</summary>
    public const ulong Block = 128 * Sizes.Mib;

    /// <summary>True for a step whose address is that of a memory block.</summary>
    public static bool IsOfBlocks(Step step) =>
        step.Kind is >= StepKind.HotAdd and <= StepKind.UnplugDimm and not StepKind.AutoOnline;

    /// <summary>The distinct edges, ascending, in bytes; those of the CMR around everything don't count.</summary>
    public static List<ulong> Edges(Scenario scenario, ulong unit)
    {
        var edges = new SortedSet<ulong>();
        Map(scenario, unit, edge =>
        {
            edges.Add(edge);
            return edge;
        });
        return [.. edges];
    }

    /// <summary>Takes out the GiBs that nobody uses and closes up the edges in the others.</summary>
    /// <param name="step">Bytes between two edges inside a GiB.</param>
    public static void Pack(Scenario scenario, ulong step)
    {
        var map = new Dictionary<ulong, ulong>();
        ulong gib = 0, used = 0, slot = 0;
        var isFirst = true;
        foreach (var edge in Edges(scenario, Sizes.Page4K))
        {
            if (edge <= Sizes.Mib)
            {
                map[edge] = edge;
                continue;
            }

            var own = edge / Sizes.Page1G;
            if (isFirst || own != gib)
            {
                used = isFirst ? Math.Min(own, 1) : used + 1;
                slot = 0;
                (gib, isFirst) = (own, false);
            }

            var offset = edge % Sizes.Page1G;
            if (offset > 0)
            {
                var first = (own == 0 || used == 0 ? Sizes.Mib : 0) + (offset % Sizes.Page4K);
                offset = Math.Min(offset, (++slot * step) + first);
            }

            map[edge] = (used * Sizes.Page1G) + offset;
        }

        Map(scenario, Sizes.Page4K, edge => map[edge]);
    }

    /// <summary>Bytes between an edge and the one below it; 0 where there is no such edge.</summary>
    public static ulong Gap(Scenario scenario, ulong unit, int index)
    {
        var edges = Edges(scenario, unit);
        return index >= edges.Count ? 0 : index == 0 ? edges[0] : edges[index] - edges[index - 1];
    }

    /// <summary>Makes the gap below an edge smaller, by whole units.</summary>
    /// <param name="index">Number of the edge, ascending.</param>
    /// <param name="gap">The new gap in bytes, or the next bigger one.</param>
    public static void Narrow(Scenario scenario, ulong unit, int index, ulong gap, bool moveAll)
    {
        var now = Gap(scenario, unit, index);
        if (gap >= now)
            return;

        var from = Edges(scenario, unit)[index];
        var way = Pages.AlignDown(now - gap, unit);
        Map(scenario, unit, edge => edge == from || (moveAll && edge > from) ? edge - way : edge);
    }

    public static void AlignDown(Scenario scenario, int index)
    {
        var edges = Edges(scenario, Sizes.Page4K);
        var edge = index < edges.Count ? edges[index] : 0;
        Map(scenario, Sizes.Page4K, e => e == edge ? Pages.AlignDown(e, Sizes.Page4K) : e);
    }

    /// <summary>Moves the memory blocks that steps are about down together, the first one to 128 MiB.</summary>
    public static void ShiftBlocks(Scenario scenario)
    {
        var first = scenario.Steps.Where(IsOfBlocks).Select(static s => s.Address).DefaultIfEmpty().Min();
        var way = Pages.AlignDown(first - Math.Min(first, Block), Block);
        MapBlocks(scenario, edge => edge - way);
    }

    private static void MapBlocks(Scenario scenario, Func<ulong, ulong> map)
    {
        MapAll(scenario.Steps, s => IsOfBlocks(s) ? Moved(s, map) : s);
        MapAll(scenario.Choices.Pinned, p => p with { Address = map(p.Address) });
    }

    private static void Map(Scenario scenario, ulong unit, Func<ulong, ulong> map)
    {
        var machine = scenario.Machine;
        MapAll(machine.MemblockCalls, c => c.Kind == MemblockCallKind.Trim ? c : Moved(c, map));
        MapAll(machine.E820, e => new E820Entry(map(e.Address), map(e.End) - map(e.Address), e.Type));
        MapAll(machine.Srat, e => e with { Start = map(e.Start), End = map(e.End) });
        MapAll(machine.Mirrored, m => new AddressRange(map(m.Start), map(m.End)));
        machine.Mirrored.RemoveAll(static m => m.IsEmpty);
        if (ScenarioMeasure.CmrRank(machine) > 2)
            MapAll(machine.Cmrs, c => c.Size == 0 ? c : new Cmr(map(c.Base), map(c.End) - map(c.Base)));

        MapAll(scenario.Steps, s => IsOfBlocks(s) ? s : Moved(s, map));
        if (unit >= Block)
            MapBlocks(scenario, map);
    }

    private static MemblockCall Moved(in MemblockCall call, Func<ulong, ulong> map)
    {
        var start = map(call.Address);
        return call with { Address = start, Size = map(call.Address + call.Size) - start };
    }

    private static Step Moved(Step step, Func<ulong, ulong> map)
    {
        switch (step.Kind)
        {
            case StepKind.EnableTdx or StepKind.AutoOnline or >= StepKind.GuestPolicy:
            case >= StepKind.CpuOnline and < StepKind.HotAdd:
                return step;
            case StepKind.GoingOnline:
                var first = Pages.PfnDown(map(Pages.Address(step.Pfn)));
                var end = Pages.PfnDown(map(Pages.Address(step.Pfn + step.Count)));
                return Step.GoingOnline(first, end - first);
            default:
                var start = map(step.Address);
                var size = step.Size == 0 ? 0 : map(step.Address + step.Size) - start;
                return step.WithRange(start, size);
        }
    }

    /// <summary>Changes every item of a list, told with its number.</summary>
    public static void MapAll<T>(List<T> items, Func<T, int, T> map)
    {
        for (var i = 0; i < items.Count; i++)
            items[i] = map(items[i], i);
    }

    private static void MapAll<T>(List<T> items, Func<T, T> map) => MapAll(items, (item, _) => map(item));
}
