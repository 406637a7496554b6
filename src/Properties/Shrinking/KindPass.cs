// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Nodes become few and small, flags vanish, steps and pinned blocks become ones of a simpler kind.</summary>
internal static class KindPass
{
    private static readonly StepKind[] RangeKinds =
        [StepKind.HotAdd, StepKind.HotAddManaged, StepKind.HotRemove, StepKind.OfflineAndRemove, StepKind.PlugDimm];

    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Try(static s => { SetNodes(s, static (_, _) => 0); ClearFlags(s); }))
        {
            shrinker.Try(static s => SetNodes(s, static (_, _) => 0));
            shrinker.Try(ClearFlags);
            shrinker.Try(static s => SetNodes(s, static (_, index) => index % 2));
            shrinker.Try(static s => SetNodes(s, static (nid, _) => Math.Min(nid, 1)));
        }

        for (var i = 0; i < shrinker.Smallest.Machine.MemblockCalls.Count; i++)
            shrinker.Try(s => SetNodes(s, (nid, at) => at == i ? 0 : nid));

        for (var i = 1; i < shrinker.Smallest.Machine.MemblockCalls.Count; i++)
            shrinker.Try(s => Separate(s, i));

        for (var i = 0; i < shrinker.Smallest.Steps.Count; i++)
        {
            foreach (var kind in RangeKinds)
                shrinker.Try(s => SetKind(s.Steps, i, kind));
        }

        for (var i = 0; i < shrinker.Smallest.Choices.Pinned.Count; i++)
        {
            for (var how = Isolation.Unmovable; how < shrinker.Smallest.Choices.Pinned[i].Isolation; how++)
                shrinker.Try(s => s.Choices.Pinned[i] = s.Choices.Pinned[i] with { Isolation = how });

            foreach (var block in StepPass.Blocks(shrinker.Smallest))
                shrinker.Try(s => s.Choices.Pinned[i] = s.Choices.Pinned[i] with { Address = block });
        }
    }

    private static void SetKind(List<Step> steps, int index, StepKind kind)
    {
        if (RangeKinds.Contains(steps[index].Kind))
            steps[index] = steps[index].WithKind(kind);
    }

    /// <summary>Two ranges that touch on different nodes become two of one node with a page between them.</summary>
    private static void Separate(Scenario scenario, int index)
    {
        var calls = scenario.Machine.MemblockCalls;
        var (below, above) = (calls[index - 1], calls[index]);
        if (below.Address + below.Size == above.Address && above.Size > Sizes.Page4K)
            calls[index] = below with { Address = above.Address + Sizes.Page4K, Size = above.Size - Sizes.Page4K };
    }

    /// <summary>Gives all that has a node another one, by its number in its list.</summary>
    public static void SetNodes(Scenario scenario, Func<int, int, int> nid)
    {
        BoundaryMap.MapAll(scenario.Machine.MemblockCalls, (c, i) => c with { Nid = nid(c.Nid, i) });
        BoundaryMap.MapAll(scenario.Machine.Srat, (e, i) => e with { Nid = nid(e.Nid, i), Pxm = nid(e.Nid, i) });
        BoundaryMap.MapAll(scenario.Steps, (s, i) => s.WithNid(nid(s.Nid, i)));
    }

    private static void ClearFlags(Scenario scenario) =>
        BoundaryMap.MapAll(scenario.Machine.MemblockCalls, static (c, _) => c with { Flags = MemblockFlags.None });
}
