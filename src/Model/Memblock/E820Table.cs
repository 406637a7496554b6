// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.Memblock;

/// <summary>e820_table with the functions of arch/x86/kernel/e820.c that change it.</summary>
public sealed class E820Table
{
    /// <summary>E820_MAX_ENTRIES with CONFIG_NODES_SHIFT=10: 128 + 3 * MAX_NUMNODES; what does not fit is
    /// ignored.</summary>
    public const int MaxEntries = 128 + (3 * PfnRange.MaxNumnodes);
    /// <summary>Up to so many entries are sorted by insertion.</summary>
    private const int MaxInserted = 64;

    private readonly List<E820Entry> _entries = [];

    // Kept from one Sanitize() to the next, which therefore allocates nothing.
    private readonly List<E820Entry> _sorted = [];
    private readonly List<ulong> _edges = [];
    private readonly PriorityQueue<E820Entry, long> _open = new();

    /// <summary>The entries in table order.</summary>
    public IReadOnlyList<E820Entry> Entries => _entries;

    /// <summary>The same entries for loops that allocate nothing; good until the next change.</summary>
    internal ReadOnlySpan<E820Entry> Span => CollectionsMarshal.AsSpan(_entries);

    /// <summary>e820__range_add(): entries beyond the capacity are ignored, as the kernel does.</summary>
    public void Add(E820Entry entry)
    {
        if (_entries.Count < MaxEntries)
            _entries.Add(entry);
    }

    /// <summary>Forgets every entry (memmap=exactmap, or another boot).</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Applies a change that the log reports.</summary>
    public void Apply(E820Change change)
    {
        if (change.Kind == E820ChangeKind.Update)
            Update(change.Address, change.Size, change.From, change.To);
        else
            Remove(change.Address, change.Size, change.From);
    }

    /// <summary>e820__range_update(): bytes [address, address+size) of one type get another.</summary>
    public void Update(ulong address, ulong size, E820Type from, E820Type to) => Cut(address, size, from, to);

    /// <summary>e820__range_remove(): bytes of a type vanish, of every type when it is None.</summary>
    public void Remove(ulong address, ulong size, E820Type from) => Cut(address, size, from, E820Type.None);

    /// <summary>e820__update_table(): sorts and makes disjoint, the highest type wins; fewer than two entries, or one
    /// that wraps, leave the table as it is.</summary>
    /// <returns>False when the table was left as it is.</returns>
    public bool Sanitize()
    {
        if (_entries.Count < 2 || HasEntryThatWraps())
            return false;

        TakeSorted();
        _entries.Clear();
        if (IsDisjoint())
        {
            foreach (var entry in _sorted)
                Append(entry.Address, entry.Size, entry.Type);
        }
        else
        {
            AppendHighestTypes();
        }

        return true;
    }

    /// <summary>e820__end_of_ram_pfn(): page frame after the last RAM or ACPI entry.</summary>
    public ulong EndOfRamPfn()
    {
        ulong last = 0;
        foreach (var entry in _entries)
        {
            if (entry.Type is E820Type.Ram or E820Type.Acpi)
                last = Math.Max(last, Pages.PfnDown(entry.End));
        }

        return last;
    }

    /// <summary>e820_nomerge().</summary>
    private static bool IsKeptApart(E820Type type) => type is E820Type.Pram or E820Type.SoftReserved;

    private bool HasEntryThatWraps()
    {
        foreach (var entry in _entries)
        {
            if (entry.End < entry.Address)
                return true;
        }

        return false;
    }

    private void TakeSorted()
    {
        _sorted.Clear();
        foreach (var entry in _entries)
        {
            if (entry.Size != 0)
                _sorted.Add(entry);
        }

        if (_sorted.Count > MaxInserted)
            _sorted.Sort(static (one, other) => one.Address.CompareTo(other.Address));
        else
            SortByInsertion(CollectionsMarshal.AsSpan(_sorted));
    }

    /// <summary>Quick where little is out of order: a map comes sorted, and what a cut adds stands at the
    /// end.</summary>
    private static void SortByInsertion(Span<E820Entry> entries)
    {
        for (var i = 1; i < entries.Length; i++)
        {
            var entry = entries[i];
            var at = i;
            for (; at > 0 && entries[at - 1].Address > entry.Address; at--)
                entries[at] = entries[at - 1];

            entries[at] = entry;
        }
    }

    private bool IsDisjoint()
    {
        ulong end = 0;
        foreach (var entry in _sorted)
        {
            if (entry.Address < end)
                return false;

            end = entry.End;
        }

        return true;
    }

    /// <summary>Every edge of an entry cuts; a piece between two edges has the highest type of the entries open
    /// there.</summary>
    private void AppendHighestTypes()
    {
        TakeEdges();
        _open.Clear();
        var next = 0;
        for (var i = 0; i + 1 < _edges.Count; i++)
        {
            var edge = _edges[i];
            for (; next < _sorted.Count && _sorted[next].Address == edge; next++)
                _open.Enqueue(_sorted[next], -(long)_sorted[next].Type);

            // The widest of equal types may hide behind one that has ended, so look at what is on top only once it is
            // still open.
            while (_open.TryPeek(out var top, out _) && top.End <= edge)
                _open.Dequeue();

            // Edges of two entries at one address make an empty piece.
            if (_edges[i + 1] > edge && _open.TryPeek(out var highest, out _))
                Append(edge, _edges[i + 1] - edge, highest.Type);
        }
    }

    private void TakeEdges()
    {
        _edges.Clear();
        foreach (var entry in _sorted)
        {
            _edges.Add(entry.Address);
            _edges.Add(entry.End);
        }

        _edges.Sort();
    }

    /// <summary>Adds a piece behind the last entry, or makes that one longer.</summary>
    private void Append(ulong address, ulong size, E820Type type)
    {
        if (type == E820Type.None)
            return;

        if (_entries.Count > 0)
        {
            ref var last = ref CollectionsMarshal.AsSpan(_entries)[^1];
            if (last.Type == type && last.End == address && !IsKeptApart(type))
            {
                last = new E820Entry(last.Address, last.Size + size, type);
                return;
            }
        }

        Add(new E820Entry(address, size, type));
    }

    /// <summary>The part of every matching entry inside the range gets the new type, or goes when there is
    /// none.</summary>
    private void Cut(ulong address, ulong size, E820Type from, E820Type to)
    {
        var range = AddressRange.OfSize(address, size);
        var count = _entries.Count;
        for (var i = 0; i < count; i++)
        {
            var entry = _entries[i];
            if (entry.Type != from && from != E820Type.None)
                continue;

            var start = Math.Max(range.Start, entry.Address);
            var end = Math.Min(range.End, entry.End);
            if (entry.Address >= range.Start && entry.End <= range.End)
                _entries[i] = to == E820Type.None ? default : entry with { Type = to };
            else if (start < end)
                Carve(i, start, end, to);
        }
    }

    private void Carve(int index, ulong start, ulong end, E820Type to)
    {
        var entry = _entries[index];
        if (to != E820Type.None)
            Add(new E820Entry(start, end - start, to));

        if (entry.Address < start && entry.End > end)
        {
            Add(new E820Entry(end, entry.End - end, entry.Type));
            _entries[index] = entry with { Size = start - entry.Address };
        }
        else
        {
            _entries[index] =
                new E820Entry(entry.Address < start ? entry.Address : end, entry.Size - (end - start), entry.Type);
        }
    }
}
