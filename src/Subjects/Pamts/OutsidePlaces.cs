// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>Places outside all memory, one behind the other from 2^50 on: a PAMT there never takes a reserved
/// area.</summary>
internal sealed class OutsidePlaces
{
    private const ulong First = 1UL << 38;

    private ulong _next = First;

    public void Reset() => _next = First;

    public bool TryPlace(ulong pages, out ulong pfn)
    {
        pfn = _next;
        _next += pages;
        return pages != 0;
    }
}
