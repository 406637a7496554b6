// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>Lists of which one item is missing, comes twice, comes too early, or is another.</summary>
internal static class Lists
{
    /// <summary>What can be done to a list that is found in a draft.</summary>
    /// <param name="items">The list as it is.</param>
    /// <param name="find">The same list in a draft.</param>
    /// <param name="others">What else an item could be.</param>
    public static IEnumerable<(string Change, Action<TDraft> Apply)> Changes<TItem, TDraft>(
        List<TItem> items, Func<TDraft, List<TItem>> find,
        Func<TItem, IEnumerable<(string Change, TItem Item)>> others)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var at = i;
            yield return ("one dropped", d => find(d).RemoveAt(at));
            yield return ("one doubled", d => find(d).Insert(at, find(d)[at]));
            if (at + 1 < items.Count && !Equals(items[at], items[at + 1]))
                yield return ("two swapped", d => (find(d)[at], find(d)[at + 1]) = (find(d)[at + 1], find(d)[at]));

            foreach (var (change, item) in others(items[at]))
                yield return (change, d => find(d)[at] = item);
        }
    }
}
