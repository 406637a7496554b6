// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;

namespace TdxVerify.Properties.Views;

/// <summary>
/// The TDMRs that the memory of a case asks for and the reserved areas they need, counted apart from any host code: a TDMR
/// for every range that reaches into a GiB which none before it touches.
/// </summary>
public sealed class ExpectedTable
{
    private readonly List<AddressRange> _tdmrs = [];
    private readonly List<AddressRange> _pamts = [];

    /// <summary>The TDMRs, ascending.</summary>
    public ReadOnlySpan<AddressRange> Tdmrs => CollectionsMarshal.AsSpan(_tdmrs);

    /// <summary>PAMT chunks that were allocated in the run, in order.</summary>
    public ReadOnlySpan<AddressRange> Pamts => CollectionsMarshal.AsSpan(_pamts);

    /// <summary>Most reserved areas of a TDMR: holes and PAMTs.</summary>
    public int MostAreas { get; private set; }

    /// <summary>The TDMR that needs them.</summary>
    public AddressRange Fullest { get; private set; }

    /// <summary>PAMT chunks in that TDMR.</summary>
    public int PamtsOfFullest { get; private set; }

    /// <summary>Counts for a case in which tdx_enable() ran.</summary>
    public void Load(CaseView view)
    {
        LoadTdmrs(view.Before);
        LoadPamts(view);
        MostAreas = PamtsOfFullest = 0;
        Fullest = default;
        foreach (ref readonly var tdmr in Tdmrs)
        {
            var holes = Holes(view.Pages.Eligible, tdmr);
            var pamts = PamtsIn(tdmr);
            if (holes + pamts > MostAreas)
            {
                MostAreas = holes + pamts;
                PamtsOfFullest = pamts;
                Fullest = tdmr;
            }
        }
    }

    /// <summary>Gaps that a set leaves in a range.</summary>
    public static int Holes(PageSet set, AddressRange range)
    {
        var holes = 0;
        var at = range.Start;
        foreach (ref readonly var piece in set.Ranges)
        {
            if (piece.Start >= range.End)
            {
                break;
            }

            if (piece.End > at)
            {
                holes += piece.Start > at ? 1 : 0;
                at = piece.End;
            }
        }

        return at < range.End ? holes + 1 : holes;
    }

    private int PamtsIn(AddressRange tdmr)
    {
        var count = 0;
        foreach (ref readonly var pamt in Pamts)
        {
            count += pamt.Start < tdmr.End && pamt.End > tdmr.Start ? 1 : 0;
        }

        return count;
    }

    private void LoadTdmrs(Snapshot snapshot)
    {
        _tdmrs.Clear();
        ulong covered = 0;
        foreach (ref readonly var region in snapshot.Memory)
        {
            var whole = PageView.WholePages(region.Range);
            var start = Math.Max(whole.Start, Sizes.Mib);
            if (start >= whole.End)
            {
                continue;
            }

            var first = Math.Max(start / Sizes.Page1G, covered);
            var end = ((whole.End - 1) / Sizes.Page1G) + 1;
            if (end > first)
            {
                _tdmrs.Add(new AddressRange(first * Sizes.Page1G, end * Sizes.Page1G));
                covered = end;
            }
        }
    }

    private void LoadPamts(CaseView view)
    {
        _pamts.Clear();
        foreach (var at in view.Index.PamtMoves)
        {
            ref readonly var happened = ref view.Events[at];
            if (happened.Kind == TraceEventKind.Allocate && happened.B != 0)
            {
                _pamts.Add(AddressRange.OfSize(Pages.Address(happened.E), Pages.Address(happened.C)));
            }
        }
    }
}
