// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Facts;

/// <summary>The sets of bytes that properties speak about, at the step in which tdx_enable() ran.</summary>
public sealed class PageSets
{
    public RangeSet Convertible { get; } = new();

    /// <summary>Whole pages of memblock.memory from 1 MiB on, as memblock was before the step; good when it
    /// ran.</summary>
    public RangeSet Eligible { get; } = new();

    /// <summary>tdx_memlist after the step; good when it ran.</summary>
    public RangeSet Listed { get; } = new();

    /// <summary>PAMT chunks that were allocated in the step; good when it ran.</summary>
    public RangeSet Chunks { get; } = new();

    /// <summary>TDMRs that TDH.SYS.CONFIG was given; this and the rest are good when it was called.</summary>
    public RangeSet Covered { get; } = new();

    public RangeSet Reserved { get; } = new();
    public RangeSet Available { get; } = new();
    public RangeSet Pamts { get; } = new();

    /// <summary>Memory without PAMTs: what may become TDX private.</summary>
    public RangeSet Usable { get; } = new();

    /// <summary>The whole pages of a range; a region that ends in the last page of the address space has none
    /// there.</summary>
    public static AddressRange WholePages(AddressRange range) =>
        new(Core.Addressing.Pages.AlignUp(range.Start, Sizes.Page4K),
            Core.Addressing.Pages.AlignDown(range.End, Sizes.Page4K));

    internal void LoadMachine(Machine machine)
    {
        Convertible.Clear();
        foreach (var cmr in machine.Cmrs)
            Convertible.Add(AddressRange.OfSize(cmr.Base, cmr.Size));

        Convertible.Close();
    }

    internal void LoadEnable(Snapshot before, Snapshot after, ReadOnlySpan<AddressRange> chunks)
    {
        Eligible.Clear();
        foreach (ref readonly var region in before.Memory)
        {
            var whole = WholePages(region.Range);
            Eligible.Add(new AddressRange(Math.Max(whole.Start, Sizes.Mib), whole.End));
        }

        Listed.Clear();
        foreach (ref readonly var entry in after.Memlist)
            Listed.Add(entry.Bytes);

        Chunks.Clear();
        foreach (ref readonly var chunk in chunks)
            Chunks.Add(chunk);

        Eligible.Close();
        Listed.Close();
        Chunks.Close();
    }

    internal void LoadConfig(TdmrTable configured)
    {
        Covered.Clear();
        Reserved.Clear();
        Pamts.Clear();
        foreach (ref readonly var tdmr in configured.Tdmrs)
        {
            Covered.Add(tdmr.Range);
            Pamts.Add(tdmr.Pamt4K.Range);
            Pamts.Add(tdmr.Pamt2M.Range);
            Pamts.Add(tdmr.Pamt1G.Range);
            foreach (ref readonly var area in configured.Reserved(tdmr))
                Reserved.Add(AddressRange.OfSize(unchecked(tdmr.Base + area.Offset), area.Size));
        }

        Available.Subtract(Covered.Close(), Reserved.Close());
        Usable.Subtract(Eligible, Pamts.Close());
    }
}
