// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Mutation;

/// <summary>The functions of a tree through which memory goes to TDX, and those of memblock that the memblock strategy
/// is about: what the entries below call, as far as these files define it.</summary>
public static class MemoryPath
{
    private const string Memblock = "mm/memblock.c";

    /// <summary>Files that are mutated, from the top of the tree; one that a tree lacks is skipped.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        "arch/x86/virt/vmx/tdx/tdx.c",
        "arch/x86/virt/vmx/tdx/tdx_global_metadata.c",
        "arch/x86/virt/vmx/tdx/seamcall_internal.h",
        Memblock,
    ];

    private static readonly string[] Entries =
    [
        "tdx_init", "tdx_enable", "tdx_cpu_enable", "tdx_dump_mce_info", "tdx_memory_notifier",
        "memblock_add", "memblock_add_node", "memblock_remove", "memblock_set_node",
        "memblock_mark_hotplug", "memblock_mark_mirror", "memblock_mark_nomap",
        "memblock_clear_hotplug", "memblock_clear_nomap", "memblock_trim_memory", "__next_mem_pfn_range",
    ];

    // No memory goes to TDX through these: a CPU that goes offline, what is printed, what the page allocator gets.
    private static readonly string[] Elsewhere =
        ["tdx_offline_cpu", "memblock_dump_all", "memblock_free", "__free_reserved_area", .. Rooms];

    // Where memblock looks for room, what it gives back, and what it is asked: cases of memblock alone show it best.
    private static readonly string[] OfMemblockAlone =
    [
        "memblock_reserved_mark_noinit", "memblock_alloc_try_nid", "memblock_alloc_exact_nid_raw",
        "memblock_phys_alloc_range", "memblock_overlaps_region", "__next_mem_range", "__next_mem_range_rev", .. Rooms,
    ];

    private static string[] Rooms => ["memblock_find_in_range", "memblock_find_in_range_node", "memblock_phys_free"];

    /// <summary>The files as a tree has them.</summary>
    public static IReadOnlyList<CFile> Read(string tree) =>
        [.. Files.Where(f => File.Exists(Path.Combine(tree, f)))
            .Select(f => new CFile(f, File.ReadAllText(Path.Combine(tree, f))))];

    /// <summary>The functions, in the order of files and lines.</summary>
    public static IReadOnlyList<CFunction> Functions(IReadOnlyList<CFile> files)
    {
        var toTdx = Reached(files, Entries, Elsewhere);
        var alone = Reached(files, OfMemblockAlone, [.. Elsewhere.Except(Rooms)]);
        return [.. files.SelectMany(static f => f.Functions)
            .Where(f => toTdx.Contains(f.Name) || alone.Contains(f.Name))
            .Select(f => toTdx.Contains(f.Name) ? f : f with { Strategy = Strategy.Memblock })];
    }

    private static HashSet<string> Reached(
        IReadOnlyList<CFile> files, IEnumerable<string> entries, IReadOnlyCollection<string> elsewhere)
    {
        var byName = files.SelectMany(static f => f.Functions).ToLookup(static f => f.Name);
        var reached = new HashSet<string>();
        var waiting = new Queue<string>(entries);
        while (waiting.TryDequeue(out var name))
        {
            if (elsewhere.Contains(name) || !reached.Add(name))
                continue;

            foreach (var word in byName[name].SelectMany(static f => f.Words).Distinct())
            {
                if (byName.Contains(word))
                    waiting.Enqueue(word);
            }
        }

        return reached;
    }
}
