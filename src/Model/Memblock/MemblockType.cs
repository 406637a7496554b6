// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>struct memblock_type: ascending, disjoint regions in an array that doubles.</summary>
public sealed class MemblockType
{
    /// <summary>INIT_MEMBLOCK_REGIONS: capacity of the static array.</summary>
    public const int InitialCapacity = 128;

    private MemblockRegion[] _regions = new MemblockRegion[InitialCapacity];

    public MemblockType(string name) => Name = name;

    /// <summary>The kernel's name of it.</summary>
    public string Name { get; }

    public int Count { get; private set; }

    /// <summary>Capacity (max): a power of two times <see cref="InitialCapacity"/>.</summary>
    public int Max { get; private set; } = InitialCapacity;

    /// <summary>Where in memblock the array lies; 0: the static array, or one from slab.</summary>
    public ulong ArrayAddress { get; set; }

    /// <summary>total_size in bytes; a trim does not lower it, as in the kernel.</summary>
    public ulong TotalSize { get; set; }

    /// <summary>How often a WARN_ON fired, or an array could not be doubled.</summary>
    public int Warnings { get; private set; }

    /// <summary>The memory that the array takes of memblock; empty: none.</summary>
    public AddressRange Array => ArrayAddress == 0 ? default : AddressRange.OfSize(ArrayAddress, ArrayBytes(Max));

    /// <summary>What an array of so many regions takes, in bytes: whole pages.</summary>
    public static ulong ArrayBytes(int capacity) =>
        Pages.AlignUp((ulong)capacity * MemblockRegion.KernelSize, Sizes.Page4K);

    /// <summary>The regions, ascending.</summary>
    public ReadOnlySpan<MemblockRegion> Regions => _regions.AsSpan(0, Count);

    /// <summary>One region, to be changed in place.</summary>
    public ref MemblockRegion this[int index] => ref _regions[index];

    /// <summary>Back to the static, empty array.</summary>
    public void Reset()
    {
        Count = 0;
        Max = InitialCapacity;
        TotalSize = 0;
        ArrayAddress = 0;
        Warnings = 0;
        _regions[0] = default;
    }

    /// <summary>Puts the first region into an empty type (the special case of memblock_add_range()).</summary>
    public void SetOnly(in MemblockRegion region)
    {
        WarnIf(TotalSize != 0);
        _regions[0] = region;
        Count = 1;
        TotalSize = region.Size;
    }

    /// <summary>memblock_insert_region(): the caller has made room.</summary>
    public void Insert(int index, in MemblockRegion region)
    {
        System.Array.Copy(_regions, index, _regions, index + 1, Count - index);
        _regions[index] = region;
        Count++;
        TotalSize = unchecked(TotalSize + region.Size);
    }

    /// <summary>memblock_remove_region().</summary>
    public void Remove(int index)
    {
        TotalSize = unchecked(TotalSize - _regions[index].Size);
        Drop(index);
        WarnIf(Count == 0 && TotalSize != 0);
    }

    public void WarnIf(bool isWrong) => Warnings += isWrong ? 1 : 0;

    /// <summary>Doubles the capacity; the regions stay.</summary>
    public void Double()
    {
        Max *= 2;
        if (_regions.Length < Max)
            System.Array.Resize(ref _regions, Max);
    }

    /// <summary>memblock_merge_regions(): joins equal neighbours in [start-1, end).</summary>
    public void Merge(int start, int end)
    {
        var i = start > 0 ? start - 1 : 0;
        end = Math.Min(end, Count - 1);
        while (i < end)
        {
            ref var left = ref _regions[i];
            ref var right = ref _regions[i + 1];
            if (left.End != right.Base || left.Nid != right.Nid || left.Flags != right.Flags)
            {
                i++;
                continue;
            }

            left.Size += right.Size;
            Drop(i + 1);
            end--;
        }
    }

    private void Drop(int index)
    {
        System.Array.Copy(_regions, index + 1, _regions, index, Count - index - 1);
        Count--;
        if (Count == 0)
            _regions[0] = new MemblockRegion(0, 0, MemblockFlags.None, PfnRange.MaxNumnodes);
    }
}
