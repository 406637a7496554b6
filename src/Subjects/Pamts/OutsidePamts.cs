// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;

namespace TdxVerify.Subjects.Pamts;

/// <summary>Places every PAMT outside all memory, one behind the other: it never takes a reserved area.</summary>
internal sealed class OutsidePamts : IPamtAllocator
{
    private ulong _next = 1UL << 38;

    /// <inheritdoc/>
    public bool TryAllocate(ulong pages, int nid, out ulong pfn)
    {
        pfn = _next;
        _next += pages;
        return pages != 0;
    }

    /// <inheritdoc/>
    public void Free(ulong pfn, ulong pages)
    {
    }
}
