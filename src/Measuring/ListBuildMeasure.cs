// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Measuring;

/// <summary>The list-build path beside a copy of the same bytes.</summary>
internal static class ListBuildMeasure
{
    private const int RegionsPerRound = 1_000_000;

    public static IReadOnlyList<ListBuildFigures> Run(TimeSpan time)
    {
        Rounds.Heat(Contestants(RegionRow.Counts[0]));
        return [.. RegionRow.Counts.Select(count => Run(count, time / RegionRow.Counts.Count))];
    }

    private static ListBuildFigures Run(int count, TimeSpan time)
    {
        var least = Rounds.Least(time, Contestants(count));
        var regions = (double)TimesOf(count) * count;
        return new ListBuildFigures(count, least[0] / regions, least[1] / regions);
    }

    private static int TimesOf(int count) => RegionsPerRound / count;

    private static Action[] Contestants(int count)
    {
        var regions = RegionRow.Create(count);
        var copies = new MemblockRegion[count];
        var entries = new PfnRange[count];
        var times = TimesOf(count);
        return
        [
            () =>
            {
                for (var i = 0; i < times; i++)
                    MemlistBuild.Collect(regions, entries);
            },
            () =>
            {
                for (var i = 0; i < times; i++)
                    regions.AsSpan().CopyTo(copies);
            },
        ];
    }
}
