// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>The heapsort of lib/sort.c. Its order of comparisons shows when a comparison contradicts itself, as that
/// of overlapping reserved areas does.</summary>
internal static class KernelSort
{
    public static void Sort<T>(Span<T> items, Comparison<T> compare)
    {
        var count = items.Length;
        var heapStart = count / 2;
        if (heapStart == 0)
            return;

        var second = 0;
        while (true)
        {
            if (heapStart > 0)
            {
                heapStart -= 1 << second;
            }
            else if (count > 3)
            {
                Swap(items, 0, --count);
                second = compare(items[1], items[2]) <= 0 ? 1 : 0;
                heapStart = 1 << second;
                Swap(items, heapStart, --count);
            }
            else
            {
                break;
            }

            SiftDown(items, compare, heapStart, count);
        }

        Swap(items, 0, --count);
        if (count == 2 && compare(items[0], items[1]) > 0)
            Swap(items, 0, 1);
    }

    /// <summary>Walks to a leaf along the larger children, then back up to where the element belongs.</summary>
    private static void SiftDown<T>(Span<T> items, Comparison<T> compare, int from, int count)
    {
        var at = from;
        var child = (2 * at) + 1;
        while (child + 1 < count)
        {
            at = compare(items[child], items[child + 1]) > 0 ? child : child + 1;
            child = (2 * at) + 1;
        }

        at = child + 1 == count ? child : at;
        while (at != from && compare(items[from], items[at]) >= 0)
            at = Parent(at);

        var place = at;
        while (at != from)
        {
            at = Parent(at);
            Swap(items, at, place);
        }
    }

    private static int Parent(int index) => (index - 1) / 2;
    private static void Swap<T>(Span<T> items, int one, int other) =>
        (items[one], items[other]) = (items[other], items[one]);
}
