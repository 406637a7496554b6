// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Drops lines of the machine: half of a list, a quarter, and so on down to single lines.</summary>
internal static class ListPass
{
    public static void Run(Shrinker shrinker)
    {
        Drop(shrinker, static s => s.Machine.MemblockCalls);
        Drop(shrinker, static s => s.Machine.E820);
        Drop(shrinker, static s => s.Machine.Srat);
        Drop(shrinker, static s => s.Machine.Mirrored);
        Drop(shrinker, static s => s.Machine.E820Changes);
        Drop(shrinker, static s => s.Machine.HotpluggableMemory);
        Drop(shrinker, static s => s.Machine.Cmrs);
        Drop(shrinker, static s => s.Choices.Pinned);
        for (var i = shrinker.Smallest.Machine.MemblockCalls.Count - 1; i > 0; i--)
            shrinker.Try(s => Join(s.Machine.MemblockCalls, i));
    }

    /// <summary>Halves, quarters and so on from the end of a list.</summary>
    public static void Drop<T>(Shrinker shrinker, Func<Scenario, List<T>> list)
    {
        for (var chunk = (list(shrinker.Smallest).Count + 1) / 2; chunk > 0; chunk = chunk == 1 ? 0 : (chunk + 1) / 2)
        {
            for (var end = list(shrinker.Smallest).Count; end > 0; end -= chunk)
            {
                var (first, count) = (Math.Max(end - chunk, 0), Math.Min(chunk, end));
                shrinker.Try(s => list(s).RemoveRange(first, count));
            }
        }
    }

    /// <summary>Two neighbours become one range over both and the gap between them.</summary>
    private static void Join(List<MemblockCall> calls, int index)
    {
        if (index < calls.Count && calls[index].Kind == MemblockCallKind.Add
            && calls[index - 1].Kind == MemblockCallKind.Add && calls[index].Address >= calls[index - 1].Address)
        {
            var end = calls[index].Address + calls[index].Size;
            calls[index - 1] = calls[index - 1] with { Size = end - calls[index - 1].Address };
            calls.RemoveAt(index);
        }
    }
}
