// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;

namespace TdxVerify.Properties.Views;

/// <summary>The sets of bytes that invariants speak about, at the step in which tdx_enable() ran.</summary>
public sealed class PageView
{
    private readonly PageSet _lowMib = new();

    private readonly PageSet _whole = new();

    /// <summary>An empty view.</summary>
    public PageView()
    {
        _lowMib.Add(new AddressRange(0, Sizes.Mib));
    }

    /// <summary>Whole pages of memblock.memory from 1 MiB on, as memblock was before the step.</summary>
    public PageSet Eligible { get; } = new();

    /// <summary>tdx_memlist after the step.</summary>
    public PageSet Listed { get; } = new();

    /// <summary>TDMRs that TDH.SYS.CONFIG was given.</summary>
    public PageSet Covered { get; } = new();

    /// <summary>Their reserved areas.</summary>
    public PageSet Reserved { get; } = new();

    /// <summary>TDMRs without reserved areas.</summary>
    public PageSet Available { get; } = new();

    /// <summary>Their PAMTs.</summary>
    public PageSet Pamts { get; } = new();

    /// <summary>Memory without PAMTs: what may become TDX private.</summary>
    public PageSet Usable { get; } = new();

    /// <summary>CMRs, touching ones joined.</summary>
    public PageSet Convertible { get; } = new();

    /// <summary>Makes the sets of a case in which tdx_enable() ran.</summary>
    public void Load(CaseView view)
    {
        LoadMemory(view.Before);
        Listed.Clear();
        foreach (ref readonly var entry in view.After.Memlist)
        {
            Listed.Add(entry.Bytes);
        }

        Listed.Close();
        LoadTdmrs(view.Trace.Configured);
        Usable.Subtract(Eligible, Pamts);
        Convertible.Clear();
        foreach (var cmr in view.Scenario.Machine.Cmrs)
        {
            Convertible.Add(AddressRange.OfSize(cmr.Base, cmr.Size));
        }

        Convertible.Close();
    }

    private void LoadMemory(Snapshot snapshot)
    {
        _whole.Clear();
        foreach (ref readonly var region in snapshot.Memory)
        {
            _whole.Add(WholePages(region.Range));
        }

        _whole.Close();
        Eligible.Subtract(_whole, _lowMib);
    }

    /// <summary>The whole pages of a range; a region that ends in the last page of the address space has none there.</summary>
    public static AddressRange WholePages(AddressRange range) =>
        new(Pages.AlignUp(range.Start, Sizes.Page4K), Pages.AlignDown(range.End, Sizes.Page4K));

    private void LoadTdmrs(TdmrTable table)
    {
        Covered.Clear();
        Reserved.Clear();
        Pamts.Clear();
        foreach (ref readonly var tdmr in table.Tdmrs)
        {
            Covered.Add(tdmr.Range);
            foreach (ref readonly var area in table.Reserved(tdmr))
            {
                Reserved.Add(AddressRange.OfSize(unchecked(tdmr.Base + area.Offset), area.Size));
            }

            Pamts.Add(tdmr.Pamt4K.Range);
            Pamts.Add(tdmr.Pamt2M.Range);
            Pamts.Add(tdmr.Pamt1G.Range);
        }

        Covered.Close();
        Reserved.Close();
        Pamts.Close();
        Available.Subtract(Covered, Reserved);
    }
}
