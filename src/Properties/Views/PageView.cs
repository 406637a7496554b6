// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Properties.Views;

/// <summary>The sets of bytes that invariants speak about, at the step in which tdx_enable() ran; each is made when it is first asked for.</summary>
/// <param name="view">The case.</param>
public sealed class PageView(CaseView view)
{
    private readonly LazySet _eligible = new();
    private readonly LazySet _listed = new();
    private readonly LazySet _covered = new();
    private readonly LazySet _reserved = new();
    private readonly LazySet _available = new();
    private readonly LazySet _pamts = new();
    private readonly LazySet _usable = new();
    private readonly LazySet _convertible = new();
    private readonly LazySet _chunks = new();

    /// <summary>Whole pages of memblock.memory from 1 MiB on, as memblock was before the step.</summary>
    public RangeSet Eligible => _eligible.Starts(out var set) ? Eligibles(set) : set;

    /// <summary>tdx_memlist after the step.</summary>
    public RangeSet Listed => _listed.Starts(out var set) ? Entries(set) : set;

    /// <summary>TDMRs that TDH.SYS.CONFIG was given.</summary>
    public RangeSet Covered => _covered.Starts(out var set) ? Tdmrs(set) : set;

    /// <summary>Their reserved areas.</summary>
    public RangeSet Reserved => _reserved.Starts(out var set) ? Areas(set) : set;

    /// <summary>TDMRs without reserved areas.</summary>
    public RangeSet Available => _available.Starts(out var set) ? set.Subtract(Covered, Reserved) : set;

    /// <summary>Their PAMTs.</summary>
    public RangeSet Pamts => _pamts.Starts(out var set) ? Tables(set) : set;

    /// <summary>Memory without PAMTs: what may become TDX private.</summary>
    public RangeSet Usable => _usable.Starts(out var set) ? set.Subtract(Eligible, Pamts) : set;

    /// <summary>CMRs, touching ones joined.</summary>
    public RangeSet Convertible => _convertible.Starts(out var set) ? Cmrs(set) : set;

    /// <summary>PAMT chunks that were allocated in the step.</summary>
    public RangeSet Chunks => _chunks.Starts(out var set) ? Allocations(set) : set;

    /// <summary>The whole pages of a range; a region that ends in the last page of the address space has none there.</summary>
    public static AddressRange WholePages(AddressRange range) =>
        new(Pages.AlignUp(range.Start, Sizes.Page4K), Pages.AlignDown(range.End, Sizes.Page4K));

    /// <summary>Another case: no set is made.</summary>
    internal void Clear()
    {
        _eligible.Clear();
        _listed.Clear();
        _covered.Clear();
        _reserved.Clear();
        _available.Clear();
        _pamts.Clear();
        _usable.Clear();
        _convertible.Clear();
        _chunks.Clear();
    }

    private RangeSet Eligibles(RangeSet set)
    {
        foreach (ref readonly var region in view.Before.Memory)
        {
            var whole = WholePages(region.Range);
            set.Add(new AddressRange(Math.Max(whole.Start, Sizes.Mib), whole.End));
        }

        return set.Close();
    }

    private RangeSet Entries(RangeSet set)
    {
        foreach (ref readonly var entry in view.After.Memlist)
        {
            set.Add(entry.Bytes);
        }

        return set.Close();
    }

    private RangeSet Tdmrs(RangeSet set)
    {
        foreach (ref readonly var tdmr in view.Tdmrs)
        {
            set.Add(tdmr.Range);
        }

        return set.Close();
    }

    private RangeSet Areas(RangeSet set)
    {
        foreach (ref readonly var tdmr in view.Tdmrs)
        {
            foreach (ref readonly var area in view.Trace.Configured.Reserved(tdmr))
            {
                set.Add(AddressRange.OfSize(unchecked(tdmr.Base + area.Offset), area.Size));
            }
        }

        return set.Close();
    }

    private RangeSet Tables(RangeSet set)
    {
        foreach (ref readonly var tdmr in view.Tdmrs)
        {
            set.Add(tdmr.Pamt4K.Range);
            set.Add(tdmr.Pamt2M.Range);
            set.Add(tdmr.Pamt1G.Range);
        }

        return set.Close();
    }

    private RangeSet Cmrs(RangeSet set)
    {
        foreach (var cmr in view.Scenario.Machine.Cmrs)
        {
            set.Add(AddressRange.OfSize(cmr.Base, cmr.Size));
        }

        return set.Close();
    }

    private RangeSet Allocations(RangeSet set)
    {
        foreach (ref readonly var chunk in view.Chunks)
        {
            set.Add(chunk);
        }

        return set.Close();
    }

    /// <summary>A set that is made at the first question.</summary>
    private sealed class LazySet
    {
        private readonly RangeSet _set = new();
        private bool _isMade;

        /// <summary>True once after every clearing, and then the set is empty and to be filled.</summary>
        public bool Starts(out RangeSet set)
        {
            set = _set;
            if (_isMade)
            {
                return false;
            }

            _isMade = true;
            set.Clear();
            return true;
        }

        public void Clear() => _isMade = false;
    }
}
