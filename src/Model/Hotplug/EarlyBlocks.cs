// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.Hotplug;

/// <summary>memory_dev_init() and the registration of nodes: the memory blocks of boot memory, with their nodes and
/// zones.</summary>
internal sealed class EarlyBlocks(MemoryBlocks blocks, ZoneTable zones, BootPages pages)
{
    /// <summary>Makes a block wherever a section is present.</summary>
    /// <param name="defersPages">The node of a page is looked up in memblock, where a hole is the first
    /// node's.</param>
    public void Fill(MemblockTable memblock, bool defersPages, KernelPolicy policy)
    {
        foreach (var section in pages.Sections)
        {
            for (var id = section.Start / blocks.BlockPages; id * blocks.BlockPages < section.End; id++)
            {
                if (blocks.Find(id) is null)
                    blocks.Insert(id);
            }
        }

        if (policy.LinksBlocksByRegion)
        {
            RegisterRegions(memblock);
            return;
        }

        for (var nid = 0; nid < zones.Nodes; nid++)
            Register(nid, memblock, defersPages);
    }

    /// <summary>register_memory_blocks_under_node() during boot: what the node spans.</summary>
    private void Register(int nid, MemblockTable memblock, bool defersPages)
    {
        var (start, end) = NodeSpan(nid, memblock);
        if (start >= end)
            return;

        var last = blocks.FirstFrom(((end - 1) / blocks.BlockPages) + 1);
        for (var i = blocks.FirstFrom(start / blocks.BlockPages); i < last; i++)
        {
            var block = blocks.All[i];
            if (!HasPageOf(nid, blocks.StartOf(block), memblock, defersPages))
                continue;

            block.Zone = block.Nodes.Count == 0 ? OnlyZone(nid, block) : null;
            block.Link(nid);
        }
    }

    /// <summary>register_memory_blocks_under_nodes(): region by region, whichever part of a block it has.</summary>
    private void RegisterRegions(MemblockTable memblock)
    {
        foreach (ref readonly var region in memblock.Memory.Regions)
        {
            var last = blocks.FirstFrom(((region.End - 1) / blocks.BlockSize) + 1);
            for (var i = blocks.FirstFrom(region.Base / blocks.BlockSize); PfnRange.IsValidNode(region.Nid)
                && i < last; i++)
            {
                AddNode(blocks.All[i], region.Nid);
            }
        }
    }

    /// <summary>memory_block_add_nid_early(): the first node that a block gets decides its zone, a second one that it
    /// has none.</summary>
    private void AddNode(MemoryBlock block, int nid)
    {
        if (block.Nodes.Count == 0 || block.Nid != nid)
            block.Zone = block.Nodes.Count == 0 ? OnlyZone(nid, block) : null;

        block.Link(nid);
    }

    private static (ulong Start, ulong End) NodeSpan(int nid, MemblockTable memblock)
    {
        var start = ulong.MaxValue;
        ulong end = 0;
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            if (range.Nid == nid)
            {
                start = Math.Min(start, range.Start);
                end = Math.Max(end, range.End);
            }
        }

        return (start, end);
    }

    private bool HasPageOf(int nid, ulong start, MemblockTable memblock, bool defersPages)
    {
        for (var section = start; section < start + blocks.BlockPages; section += BootPages.SectionPages)
        {
            if (pages.IsPresent(section)
                && (defersPages ? HasMemblockPage(nid, section, memblock) : HasPage(nid, section)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>early_pfn_to_nid() of some page of a section.</summary>
    private static bool HasMemblockPage(int nid, ulong section, MemblockTable memblock)
    {
        ulong covered = 0;
        foreach (ref readonly var region in memblock.Memory.Regions)
        {
            var start = Math.Max(section, Pages.PfnDown(region.Base));
            var end = Math.Min(section + BootPages.SectionPages, Pages.PfnDown(region.End));
            if (start >= end)
                continue;

            if (region.Nid == nid)
                return true;

            covered += end - start;
        }

        // Node 0 has the boot CPU: it is the first that is online.
        return nid == 0 && covered < BootPages.SectionPages;
    }

    private bool HasPage(int nid, ulong section)
    {
        for (var pfn = section; pfn < section + BootPages.SectionPages;)
        {
            if (pages.RunAt(pfn) is not { } run)
                return false;

            if (run.Zone.Nid == nid)
                return true;

            pfn = run.End;
        }

        return false;
    }

    /// <summary>early_node_zone_for_memory_block(): by spans, not by pages.</summary>
    private Zone? OnlyZone(int nid, MemoryBlock block)
    {
        Zone? only = null;
        for (var kind = ZoneKind.Dma; kind <= ZoneKind.Movable; kind++)
        {
            var zone = zones[nid, kind];
            if (!zone.IsPopulated || !zone.Intersects(blocks.StartOf(block), blocks.BlockPages))
                continue;

            if (only is not null)
                return null;

            only = zone;
        }

        return only;
    }
}
