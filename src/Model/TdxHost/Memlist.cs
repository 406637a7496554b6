// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_memlist: the memory that TDX may use, frozen when it is built. An empty list means that TDX is
/// off.</summary>
public sealed class Memlist(HostEnvironment environment, KernelPolicy policy)
{
    private const ulong EntryBytes = 40;

    private PfnRange[] _entries = new PfnRange[MemblockType.InitialCapacity];
    private int[] _ordinals = new int[MemblockType.InitialCapacity];
    private PfnRange[] _boot = [];
    private int _count;
    private int _bootCount;

    /// <summary>The entries in memblock order.</summary>
    public ReadOnlySpan<PfnRange> Entries => _entries.AsSpan(0, _count);

    /// <summary>Forgets everything without freeing: another kernel boots.</summary>
    public void Reset()
    {
        _count = _bootCount = 0;
        HasBlocks = false;
        Online.Clear();
    }

    public void NoteBoot(MemblockTable memblock)
    {
        if (policy.Source == ListSource.Boot)
        {
            MakeRoom(memblock.Memory.Count, ref _boot);
            _bootCount = MemlistBuild.Collect(memblock.Memory.Regions, _boot);
        }
    }

    /// <summary>Pages that the page allocator manages, ascending, whenever hotplug is part of it; else memblock
    /// counts.</summary>
    public List<PfnRange> Online { get; } = [];

    public bool HasBlocks { get; set; }

    /// <summary>build_tdx_memlist(): every pfn range of memblock, cut at 1 MiB.</summary>
    /// <param name="cmrs">Patch v8.2: every entry must lie in one of these, touching ones not joined; null: not
    /// asked.</param>
    /// <returns>0, -ENOMEM, or -EINVAL of v8.2; after an error the list is empty.</returns>
    public int Build(MemblockTable memblock, List<AddressRange>? cmrs = null)
    {
        var found = Collect(memblock);
        if (policy.Check != ListCheck.None && !HoldsCurrent(memblock, found))
            return -Errno.Einval;

        for (_count = 0; _count < found; _count++)
        {
            if (cmrs is not null && !IsInOne(cmrs, _entries[_count].Bytes))
            {
                environment.Log(KernelLine.MemoryNotInCmr, _entries[_count].Bytes.Start, _entries[_count].Bytes.End);
                Clear();
                return -Errno.Einval;
            }

            _ordinals[_count] = environment.Kmalloc(AllocationSite.MemlistEntry, EntryBytes);
            if (_ordinals[_count] == 0)
            {
                Clear();
                return -Errno.Enomem;
            }
        }

        return 0;
    }

    /// <summary>free_tdx_memlist().</summary>
    public void Clear()
    {
        for (var i = 0; i < _count; i++)
            environment.Free(AllocationSite.MemlistEntry, _ordinals[i]);

        _count = 0;
    }

    private static bool IsInOne(List<AddressRange> cmrs, AddressRange range)
    {
        foreach (var cmr in cmrs)
        {
            if (cmr.Contains(range))
                return true;
        }

        return false;
    }

    private static void MakeRoom<T>(int needed, ref T[] array)
    {
        if (array.Length < needed)
            array = new T[Math.Max(needed, 2 * array.Length)];
    }

    private int CollectOnline()
    {
        MakeRoom(Online.Count, ref _entries);
        MakeRoom(Online.Count, ref _ordinals);
        Online.CopyTo(_entries);
        return Joined(Online.Count);
    }

    private bool HoldsCurrent(MemblockTable memblock, int count)
    {
        if (policy.Check == ListCheck.OnlineBlocks && HasBlocks)
            return Online.TrueForAll(r => IsListed(r, count));

        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            if (!IsListed(range with { Start = Math.Max(range.Start, Pages.PfnDown(Sizes.Mib)) }, count))
                return false;
        }

        return true;
    }

    private bool IsListed(in PfnRange range, int count)
    {
        var at = range.Start;
        foreach (ref readonly var entry in _entries.AsSpan(0, count))
            at = entry.Start <= at && at < entry.End ? entry.End : at;

        return at >= range.End;
    }

    private int Collect(MemblockTable memblock)
    {
        var most = Math.Max(memblock.Memory.Count, _bootCount);
        MakeRoom(most, ref _entries);
        MakeRoom(most, ref _ordinals);
        if (policy.Source == ListSource.Boot)
        {
            _boot.AsSpan(0, _bootCount).CopyTo(_entries);
            return _bootCount;
        }

        if (policy.Source == ListSource.OnlineBlocks && HasBlocks)
            return CollectOnline();

        var count = MemlistBuild.Collect(memblock.Memory.Regions, _entries);
        return policy.JoinsFlags ? Joined(count) : count;
    }

    private int Joined(int count)
    {
        var joined = 0;
        foreach (var range in _entries.AsSpan(0, count))
        {
            if (joined > 0 && _entries[joined - 1].End == range.Start && _entries[joined - 1].Nid == range.Nid)
                _entries[joined - 1] = _entries[joined - 1] with { End = range.End };
            else
                _entries[joined++] = range;
        }

        return joined;
    }
}
