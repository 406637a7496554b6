// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_memlist: the memory that TDX may use, frozen when it is built. An empty list means that TDX is off.</summary>
/// <param name="environment">Where entries are allocated.</param>
public sealed class Memlist(HostEnvironment environment)
{
    private const ulong EntryBytes = 40;

    private static readonly ulong FirstPfn = Pages.PfnDown(Sizes.Mib);

    private readonly List<PfnRange> _entries = [];
    private readonly List<int> _ordinals = [];

    /// <summary>The entries in memblock order.</summary>
    public IReadOnlyList<PfnRange> Entries => _entries;

    /// <summary>build_tdx_memlist(): every pfn range of memblock, cut at 1 MiB.</summary>
    /// <param name="memblock">memblock as it is now.</param>
    /// <param name="cmrs">Patch v8.2: every entry must lie in one of these, touching ones not joined; null: not asked.</param>
    /// <returns>0, -ENOMEM, or -EINVAL of v8.2; after an error the list is empty.</returns>
    public int Build(MemblockTable memblock, IReadOnlyList<AddressRange>? cmrs = null)
    {
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            var start = Math.Max(range.Start, FirstPfn);
            if (start >= range.End)
            {
                continue;
            }

            var entry = range with { Start = start };
            if (cmrs is not null && !cmrs.Any(c => c.Contains(entry.Bytes)))
            {
                environment.Log(KernelLine.MemoryNotInCmr, entry.Bytes.Start, entry.Bytes.End);
                Clear();
                return -Errno.Einval;
            }

            var ordinal = environment.Kmalloc(AllocationSite.MemlistEntry, EntryBytes);
            if (ordinal == 0)
            {
                Clear();
                return -Errno.Enomem;
            }

            _entries.Add(entry);
            _ordinals.Add(ordinal);
        }

        return 0;
    }

    /// <summary>free_tdx_memlist().</summary>
    public void Clear()
    {
        foreach (var ordinal in _ordinals)
        {
            environment.Free(AllocationSite.MemlistEntry, ordinal);
        }

        _entries.Clear();
        _ordinals.Clear();
    }

    /// <summary>is_tdx_memory(): one entry holds page frames [start, end). The nid is not asked.</summary>
    public bool Holds(ulong start, ulong end) => _entries.Exists(e => start >= e.Start && end <= e.End);
}
