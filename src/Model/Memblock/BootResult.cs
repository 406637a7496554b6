// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>Where the nodes of a boot came from.</summary>
public enum NodeSource
{
    Srat,
    /// <summary>No SRAT: one node 0 over everything.</summary>
    SingleNode,
    /// <summary>The command line turned NUMA off.</summary>
    TurnedOff,
    /// <summary>The SRAT was given up because blocks of two nodes overlap, or it has too many.</summary>
    SratRejected,
    /// <summary>The SRAT was given up because it leaves more than 1 MiB of RAM without a node.</summary>
    SratIncomplete,
    /// <summary>memblock calls say the nodes themselves.</summary>
    MemblockCalls,
}

/// <summary>What boot left in memblock; the next run of the same <see cref="BootFlow"/> overwrites it.</summary>
public sealed class BootResult
{
    private readonly List<PfnRange> _earlyRanges = [];
    private readonly List<PfnRange> _hotpluggable = [];

    /// <summary>What "Early memory node ranges" prints: before HOTPLUG flags are cleared.</summary>
    public IReadOnlyList<PfnRange> EarlyRanges => _earlyRanges;

    /// <summary>Ranges that the SRAT calls hot-pluggable, before their flags are cleared.</summary>
    public IReadOnlyList<PfnRange> Hotpluggable => _hotpluggable;

    public NodeSource Nodes { get; internal set; }

    /// <summary>max_pfn: the page frame after the last RAM or ACPI entry.</summary>
    public ulong MaxPfn { get; set; }

    /// <summary>Takes the ranges as memblock has them now.</summary>
    internal void TakeRanges(MemblockTable memblock)
    {
        _earlyRanges.Clear();
        _hotpluggable.Clear();
        foreach (ref readonly var region in memblock.Memory.Regions)
        {
            if ((region.Flags & MemblockFlags.Hotplug) != 0)
                _hotpluggable.Add(new PfnRange(Pages.PfnUp(region.Base), Pages.PfnDown(region.End), region.Nid));
        }

        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
            _earlyRanges.Add(range);
    }
}
