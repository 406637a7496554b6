// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Nodes become few and small, flags vanish.</summary>
internal static class KindPass
{
    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Try(static s => Change(s, static (nid, _) => nid > 0 ? 0 : nid, static _ => MemblockFlags.None)))
        {
            shrinker.Try(static s => Change(s, static (nid, _) => nid > 0 ? 0 : nid, static f => f));
            shrinker.Try(static s => Change(s, static (nid, _) => nid, static _ => MemblockFlags.None));
            shrinker.Try(static s => Change(s, static (_, index) => index % 2, static f => f));
            shrinker.Try(static s => Change(s, static (nid, _) => Math.Min(nid, 1), static f => f));
        }

        for (var i = 0; i < shrinker.Smallest.Machine.MemblockCalls.Count; i++)
        {
            var index = i;
            shrinker.Try(s => Change(s, (nid, at) => at == index ? 0 : nid, static f => f));
        }

        for (var i = 1; i < shrinker.Smallest.Machine.MemblockCalls.Count; i++)
        {
            var index = i;
            shrinker.Try(s => Separate(s, index));
        }

        for (var i = 0; i < shrinker.Smallest.Steps.Count; i++)
        {
            var index = i;
            shrinker.Try(s =>
            {
                s.Steps[index] = s.Steps[index].WithNid(0);
                return true;
            });
        }
    }

    /// <summary>Two ranges that touch on different nodes become two of one node with a page between them.</summary>
    private static bool Separate(Scenario scenario, int index)
    {
        var calls = scenario.Machine.MemblockCalls;
        var (below, above) = (calls[index - 1], calls[index]);
        if (below.Address + below.Size != above.Address || above.Size <= Sizes.Page4K)
        {
            return false;
        }

        calls[index] = above with { Address = above.Address + Sizes.Page4K, Size = above.Size - Sizes.Page4K, Nid = below.Nid, Flags = below.Flags };
        return true;
    }

    private static bool Change(Scenario scenario, Func<int, int, int> nid, Func<MemblockFlags, MemblockFlags> flags)
    {
        var calls = scenario.Machine.MemblockCalls;
        for (var i = 0; i < calls.Count; i++)
        {
            calls[i] = calls[i] with { Nid = nid(calls[i].Nid, i), Flags = flags(calls[i].Flags) };
        }

        var srat = scenario.Machine.Srat;
        for (var i = 0; i < srat.Count; i++)
        {
            srat[i] = srat[i] with { Nid = nid(srat[i].Nid, i), Pxm = nid(srat[i].Nid, i) };
        }

        return true;
    }
}
