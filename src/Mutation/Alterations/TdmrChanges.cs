// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>Tables of TDMRs that are not what they were.</summary>
internal static class TdmrChanges
{
    private static readonly string[] Levels = ["4K", "2M", "1G"];

    public static IEnumerable<(string Change, Action<List<TdmrDraft>> Apply)> Of(List<TdmrDraft> table)
    {
        for (var i = 0; i < table.Count; i++)
        {
            var at = i;
            yield return ("one dropped", t => t.RemoveAt(at));
            yield return ("one doubled", t => t.Insert(at, t[at].Copy()));
            if (at + 1 < table.Count)
                yield return ("two swapped", t => (t[at], t[at + 1]) = (t[at + 1], t[at]));

            yield return ("base + 1 GiB", t => t[at].Base += Sizes.Page1G);
            yield return ("base + 4 KiB", t => t[at].Base += Sizes.Page4K);
            yield return ("size + 1 GiB", t => t[at].Size += Sizes.Page1G);
            yield return ("size - 1 GiB", t => t[at].Size -= Sizes.Page1G);
            yield return ("size - 4 KiB", t => t[at].Size -= Sizes.Page4K);
            for (var level = 0; level < Levels.Length; level++)
            {
                var l = level;
                yield return ($"{Levels[l]} PAMT a page later", t => Change(t[at], l, Sizes.Page4K, 0));
                yield return ($"{Levels[l]} PAMT half a page later", t => Change(t[at], l, Sizes.Page4K / 2, 0));
                yield return ($"{Levels[l]} PAMT a page larger", t => Change(t[at], l, 0, Sizes.Page4K));
                yield return (
                    $"{Levels[l]} PAMT a page smaller", t => Change(t[at], l, 0, unchecked(0 - Sizes.Page4K)));
            }

            foreach (var (change, apply) in Lists.Changes<ReservedView, TdmrDraft>(
                table[at].Reserved, static d => d.Reserved, Areas))
            {
                yield return ("reserved area: " + change, t => apply(t[at]));
            }

            yield return ("reserved area: one added at the end", t => AddArea(t[at]));
        }
    }

    private static void Change(TdmrDraft draft, int level, ulong start, ulong size) =>
        draft.Pamts[level] = new PamtView(
            unchecked(draft.Pamts[level].Base + start), unchecked(draft.Pamts[level].Size + size));

    private static void AddArea(TdmrDraft draft) =>
        draft.Reserved.Add(new ReservedView(draft.Size - Sizes.Page4K, Sizes.Page4K));

    private static IEnumerable<(string, ReservedView)> Areas(ReservedView area)
    {
        yield return ("begins a page later", new ReservedView(area.Offset + Sizes.Page4K, area.Size - Sizes.Page4K));
        yield return ("begins a page earlier", new ReservedView(area.Offset - Sizes.Page4K, area.Size + Sizes.Page4K));
        yield return ("ends a page later", area with { Size = area.Size + Sizes.Page4K });
        yield return ("ends a page earlier", area with { Size = area.Size - Sizes.Page4K });
        yield return ("half a page", area with { Size = area.Size - (Sizes.Page4K / 2) });
    }
}
