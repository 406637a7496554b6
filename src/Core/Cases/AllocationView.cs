// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>An allocation, a free, or a read of what was freed.</summary>
public readonly ref struct AllocationView
{
    private readonly ref readonly TraceEvent _event;

    internal AllocationView(ref readonly TraceEvent e) => _event = ref e;

    public AllocationSite Site => (AllocationSite)_event.A;

    /// <summary>Number of the allocation, from 1.</summary>
    public ulong Ordinal => _event.B;

    public bool IsNull => _event.B == 0;

    /// <summary>Bytes; pages of a PAMT.</summary>
    public ulong Amount => _event.C;

    /// <summary>The node that was asked for.</summary>
    public int Nid => unchecked((int)_event.D);

    /// <summary>First page frame of a PAMT.</summary>
    public ulong Pfn => _event.E;

    /// <summary>What a PAMT was asked for, besides its node.</summary>
    public PageRequest Request => (PageRequest)_event.F;

    /// <summary>Bytes of a PAMT.</summary>
    public AddressRange Range => AddressRange.OfSize(Pages.Address(_event.E), Pages.Address(_event.C));
}
