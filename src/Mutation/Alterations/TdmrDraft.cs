// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>A TDMR that can be changed.</summary>
internal sealed class TdmrDraft
{
    public ulong Base { get; set; }
    public ulong Size { get; set; }

    /// <summary>Its tables of 4K, 2M and 1G pages.</summary>
    public PamtView[] Pamts { get; } = new PamtView[3];

    public List<ReservedView> Reserved { get; } = [];

    public static List<TdmrDraft> Of(TdmrTable table)
    {
        var drafts = new List<TdmrDraft>();
        foreach (ref readonly var tdmr in table.Tdmrs)
        {
            var draft = new TdmrDraft { Base = tdmr.Base, Size = tdmr.Size };
            (draft.Pamts[0], draft.Pamts[1], draft.Pamts[2]) = (tdmr.Pamt4K, tdmr.Pamt2M, tdmr.Pamt1G);
            draft.Reserved.AddRange(table.Reserved(tdmr));
            drafts.Add(draft);
        }

        return drafts;
    }

    public TdmrDraft Copy()
    {
        var copy = new TdmrDraft { Base = Base, Size = Size };
        Pamts.CopyTo(copy.Pamts, 0);
        copy.Reserved.AddRange(Reserved);
        return copy;
    }

    public static void Write(List<TdmrDraft> drafts, TdmrTable table)
    {
        foreach (var draft in drafts)
        {
            foreach (var area in draft.Reserved)
                table.AddReserved(area.Offset, area.Size);

            table.Add(draft.Base, draft.Size, draft.Pamts[0], draft.Pamts[1], draft.Pamts[2]);
        }
    }
}
