// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>How edges are packed.</summary>
/// <param name="Spacing">GiBs between two that are used and don't touch.</param>
/// <param name="Step">Bytes between two edges inside a GiB.</param>
internal readonly record struct Packing(ulong Spacing, ulong Step);

/// <summary>All edges of a scenario's memory and steps, and the scenario with its edges moved.</summary>
internal static class BoundaryMap
{
    /// <summary>From the tightest packing on.</summary>
    public static Packing[] Packings { get; } =
    [
        new(1, Sizes.Page4K), new(1, Sizes.Page2M), new(1, 16 * Sizes.Mib), new(2, Sizes.Page4K), new(2, Sizes.Page2M), new(2, 16 * Sizes.Mib), new(2, 0), new(1, 0),
    ];

    /// <summary>The distinct edges, ascending, in bytes; those of the CMR around everything don't count.</summary>
    public static List<ulong> Edges(Scenario scenario)
    {
        var edges = new SortedSet<ulong>();
        Map(scenario, edge =>
        {
            edges.Add(edge);
            return edge;
        });
        return [.. edges];
    }

    /// <summary>Takes out the GiBs that nobody uses and closes up the edges in the others.</summary>
    public static bool TryPack(Scenario scenario, Packing packing)
    {
        var map = new Dictionary<ulong, ulong>();
        ulong gib = 0, used = 0, slot = 0;
        var isFirst = true;
        foreach (var edge in Edges(scenario))
        {
            if (edge <= Sizes.Mib)
            {
                map[edge] = edge;
                continue;
            }

            var own = edge / Sizes.Page1G;
            if (isFirst || own != gib)
            {
                used = isFirst ? Math.Min(own, 1) : used + Math.Min(own - gib, packing.Spacing);
                slot = 0;
                (gib, isFirst) = (own, false);
            }

            var offset = edge % Sizes.Page1G;
            var packed = offset == 0 ? 0 : packing.Step == 0 ? offset : Math.Min(offset, (++slot * packing.Step) + (own == 0 || used == 0 ? Sizes.Mib : 0) + (offset % Sizes.Page4K));
            map[edge] = (used * Sizes.Page1G) + packed;
        }

        Map(scenario, edge => map[edge]);
        return true;
    }

    /// <summary>Bytes between an edge and the one below it; 0 where there is no such edge.</summary>
    public static ulong Gap(Scenario scenario, int index)
    {
        var edges = Edges(scenario);
        return index >= edges.Count ? 0 : index == 0 ? edges[0] : edges[index] - edges[index - 1];
    }

    /// <summary>Makes the gap below an edge smaller.</summary>
    /// <param name="scenario">What is changed.</param>
    /// <param name="index">Number of the edge, ascending.</param>
    /// <param name="gap">The new gap in bytes.</param>
    /// <param name="moveAll">Everything above moves too.</param>
    public static bool TryNarrow(Scenario scenario, int index, ulong gap, bool moveAll)
    {
        var edges = Edges(scenario);
        if (index >= edges.Count)
        {
            return false;
        }

        var below = index == 0 ? 0 : edges[index - 1];
        var now = edges[index] - below;
        if (gap >= now || (gap == 0 && index > 0))
        {
            return false;
        }

        var from = edges[index];
        Map(scenario, edge => edge == from || (moveAll && edge > from) ? edge - (now - gap) : edge);
        return true;
    }

    private static void Map(Scenario scenario, Func<ulong, ulong> map)
    {
        var machine = scenario.Machine;
        MapAll(machine.MemblockCalls, c => c.Kind == MemblockCallKind.Trim ? c : Moved(c, map));
        MapAll(machine.E820, e => new E820Entry(map(e.Address), map(e.End) - map(e.Address), e.Type));
        MapAll(machine.Srat, e => e with { Start = map(e.Start), End = map(e.End) });
        MapAll(machine.Mirrored, m => new AddressRange(map(m.Start), map(m.End)));
        if (CanonicalMachine.CmrRank(machine) > 2)
        {
            MapAll(machine.Cmrs, c => c.Size == 0 ? c : new Cmr(map(c.Base), map(c.End) - map(c.Base)));
        }

        MapAll(scenario.Steps, s => Moved(s, map));
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
            case StepKind.AddMemory:
                return step.WithRange(map(step.Address), map(step.Address + step.Size) - map(step.Address));
            case StepKind.GoingOnline:
                var first = Pages.PfnDown(map(Pages.Address(step.Pfn)));
                return Step.GoingOnline(first, Pages.PfnDown(map(Pages.Address(step.Pfn + step.Count))) - first);
            case StepKind.MachineCheck:
                return step.WithRange(map(step.Address), step.Size);
            default:
                return step;
        }
    }

    private static void MapAll<T>(List<T> items, Func<T, T> map)
    {
        for (var i = 0; i < items.Count; i++)
        {
            items[i] = map(items[i]);
        }
    }
}
