// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Platform;

namespace TdxVerify.Model.Memblock;

/// <summary>e820_table with the functions of arch/x86/kernel/e820.c that change it.</summary>
public sealed class E820Table
{
    /// <summary>E820_MAX_ENTRIES with CONFIG_NODES_SHIFT=10: 128 + 3 * MAX_NUMNODES; what does not fit is ignored.</summary>
    public const int MaxEntries = 128 + (3 * PfnRange.MaxNumnodes);

    private readonly List<E820Entry> _entries = [];

    /// <summary>The entries in table order.</summary>
    public IReadOnlyList<E820Entry> Entries => _entries;

    /// <summary>e820__range_add(): entries beyond the capacity are ignored, as the kernel does.</summary>
    public void Add(E820Entry entry)
    {
        if (_entries.Count < MaxEntries)
        {
            _entries.Add(entry);
        }
    }

    /// <summary>Forgets every entry (memmap=exactmap).</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Applies a change that the log reports.</summary>
    public void Apply(E820Change change)
    {
        if (change.Kind == E820ChangeKind.Update)
        {
            Update(change.Address, change.Size, change.From, change.To);
        }
        else
        {
            Remove(change.Address, change.Size, change.From);
        }
    }

    /// <summary>e820__range_update(): bytes [address, address+size) of one type get another.</summary>
    public void Update(ulong address, ulong size, E820Type from, E820Type to) => Cut(address, size, from, to);

    /// <summary>e820__range_remove(): bytes of a type vanish, of every type when it is None.</summary>
    public void Remove(ulong address, ulong size, E820Type from) => Cut(address, size, from, E820Type.None);

    /// <summary>e820__update_table(): sorts and makes disjoint, the highest type wins; fewer than two entries, or one that wraps, leave the table as it is.</summary>
    /// <returns>False when the table was left as it is.</returns>
    public bool Sanitize()
    {
        if (_entries.Count < 2 || _entries.Exists(static e => e.End < e.Address))
        {
            return false;
        }

        var edges = new SortedSet<ulong>();
        foreach (var entry in _entries.Where(static e => e.Size != 0))
        {
            edges.Add(entry.Address);
            edges.Add(entry.End);
        }

        var points = edges.ToArray();
        var types = HighestTypes(points);
        _entries.Clear();
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var piece = new E820Entry(points[i], points[i + 1] - points[i], types[i]);
            if (piece.Type == E820Type.None)
            {
                continue;
            }

            if (_entries.Count > 0 && _entries[^1].Type == piece.Type && _entries[^1].End == piece.Address && !IsKeptApart(piece.Type))
            {
                _entries[^1] = _entries[^1] with { Size = _entries[^1].Size + piece.Size };
            }
            else
            {
                Add(piece);
            }
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
            {
                last = Math.Max(last, Pages.PfnDown(entry.End));
            }
        }

        return last;
    }

    /// <summary>e820_nomerge().</summary>
    private static bool IsKeptApart(E820Type type) => type is E820Type.Pram or E820Type.SoftReserved;

    private E820Type[] HighestTypes(ulong[] points)
    {
        var types = new E820Type[points.Length];
        var starts = _entries.Where(static e => e.Size != 0).OrderBy(static e => e.Address).ToArray();
        var open = new PriorityQueue<E820Entry, long>();
        for (int i = 0, next = 0; i < points.Length; i++)
        {
            for (; next < starts.Length && starts[next].Address == points[i]; next++)
            {
                open.Enqueue(starts[next], -(long)starts[next].Type);
            }

            // The widest of equal types may hide behind one that has ended, so look at what is on top only once it is still open.
            while (open.TryPeek(out var top, out _) && top.End <= points[i])
            {
                open.Dequeue();
            }

            types[i] = open.TryPeek(out var highest, out _) ? highest.Type : E820Type.None;
        }

        return types;
    }

    /// <summary>The part of every matching entry inside the range gets the new type, or goes when there is none.</summary>
    private void Cut(ulong address, ulong size, E820Type from, E820Type to)
    {
        var range = AddressRange.OfSize(address, size);
        var count = _entries.Count;
        for (var i = 0; i < count; i++)
        {
            var entry = _entries[i];
            if (entry.Type != from && from != E820Type.None)
            {
                continue;
            }

            var start = Math.Max(range.Start, entry.Address);
            var end = Math.Min(range.End, entry.End);
            if (entry.Address >= range.Start && entry.End <= range.End)
            {
                _entries[i] = to == E820Type.None ? default : entry with { Type = to };
            }
            else if (start < end)
            {
                Carve(i, start, end, to);
            }
        }
    }

    private void Carve(int index, ulong start, ulong end, E820Type to)
    {
        var entry = _entries[index];
        if (to != E820Type.None)
        {
            Add(new E820Entry(start, end - start, to));
        }

        if (entry.Address < start && entry.End > end)
        {
            Add(new E820Entry(end, entry.End - end, entry.Type));
            _entries[index] = entry with { Size = start - entry.Address };
        }
        else
        {
            _entries[index] = new E820Entry(entry.Address < start ? entry.Address : end, entry.Size - (end - start), entry.Type);
        }
    }
}
