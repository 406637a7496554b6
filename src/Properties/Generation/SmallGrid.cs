// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>
/// Every layout of up to four regions whose edges lie on a grid around 1 MiB, 128 MiB and 1 GiB, with two nodes and
/// two flags each, number by number, nothing twice. On every layout every range of the grid goes online.
/// </summary>
public static class SmallGrid
{
    private const int MaxRegions = 4;
    private const ulong KindsOfRegion = 4;

    private static readonly ulong[] Edges =
    [
        0, Sizes.Mib - Sizes.Page4K, Sizes.Mib, Sizes.Mib + Sizes.Page4K, (128 * Sizes.Mib) - Sizes.Page4K,
        128 * Sizes.Mib, (128 * Sizes.Mib) + Sizes.Page4K,
        Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, Sizes.Page1G + Sizes.Page4K, 2 * Sizes.Page1G, 3 * Sizes.Page1G,
    ];

    /// <summary>Ranges that go online in every scenario.</summary>
    public static int OnlineRanges { get; } = (int)Choose(Edges.Length, 2);

    public static ulong Total { get; } = Enumerable.Range(1, MaxRegions)
        .Aggregate(0UL, static (sum, regions) => sum + TotalOf(regions));

    /// <summary>Fills in scenario number index, which is below the total.</summary>
    public static void Fill(Scenario scenario, ulong index)
    {
        scenario.Clear();
        var regions = 1;
        while (index >= TotalOf(regions))
            index -= TotalOf(regions++);

        Span<int> chosen = stackalloc int[2 * MaxRegions];
        Span<int> kinds = stackalloc int[MaxRegions];
        var rest = index;
        for (var i = 0; i < regions; i++)
            (rest, kinds[i]) = (rest / KindsOfRegion, (int)(rest % KindsOfRegion));

        Unrank(rest, Edges.Length + regions - 1, 2 * regions, chosen);
        for (var i = 0; i < regions; i++)
        {
            // Where one region ends the next may begin: each such pair shares an edge of the grid.
            var start = Edges[chosen[2 * i] - i];
            var end = Edges[chosen[(2 * i) + 1] - i];
            scenario.Machine.MemblockCalls.Add(
                new MemblockCall(
                    MemblockCallKind.Add, start, end - start, kinds[i] & 1, (MemblockFlags)(kinds[i] & 2)));
        }

        scenario.Machine.KeyIds = KeyIdPartition.Usual;
        scenario.Machine.Cmrs.Add(new Cmr(Sizes.Mib, 4 * Sizes.Page1G));
        scenario.Choices.TdmrInitStep = 0;
        scenario.Steps.Add(Step.Enable);
        for (var first = 0; first < Edges.Length; first++)
        {
            for (var last = first + 1; last < Edges.Length; last++)
            {
                var pfn = Pages.PfnDown(Edges[first]);
                scenario.Steps.Add(Step.GoingOnline(pfn, Pages.PfnDown(Edges[last]) - pfn));
            }
        }
    }

    private static ulong TotalOf(int regions)
    {
        var kinds = 1UL;
        for (var i = 0; i < regions; i++)
            kinds *= KindsOfRegion;

        return Choose(Edges.Length + regions - 1, 2 * regions) * kinds;
    }

    private static ulong Choose(int from, int count)
    {
        ulong ways = 1;
        for (var i = 0; i < count; i++)
            ways = ways * (ulong)(from - i) / (ulong)(i + 1);

        return from < count ? 0 : ways;
    }

    /// <summary>The rank-th set of count numbers below a bound, ascending.</summary>
    private static void Unrank(ulong rank, int from, int count, Span<int> chosen)
    {
        var number = 0;
        for (var i = 0; i < count; i++)
        {
            while (Choose(from - number - 1, count - i - 1) is var ways && rank >= ways)
            {
                rank -= ways;
                number++;
            }

            chosen[i] = number++;
        }
    }
}
