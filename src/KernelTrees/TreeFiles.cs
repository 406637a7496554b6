// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Which files of a kernel are unpacked, and which a tree can't do without.</summary>
public static class TreeFiles
{
    /// <summary>Files and folders that are unpacked. A kernel that lacks some of them may still do: see
    /// <see cref="Require"/>.</summary>
    public static IReadOnlyList<string> Needed { get; } =
    [
        "Makefile", "arch/x86/Kconfig", "arch/x86/include", "arch/x86/virt/vmx", "include", "lib/bitmap.c",
        "lib/bsearch.c", "lib/find_bit.c", "lib/hweight.c", "lib/list_sort.c", "lib/rbtree.c", "lib/sort.c",
        "mm/internal.h", "mm/memblock.c", "mm/mm_init.h", "mm/mm_init.c", "mm/numa_memblks.c",
        "kernel/liveupdate/kexec_handover.c",
        "scripts/checkpatch.pl", "scripts/spelling.txt", "scripts/const_structs.checkpatch",
    ];

    // Lies in an unpacked tree, and never in a user's own: what was looked for when it was unpacked.
    private const string List = ".tdxverify-files";
    private const string HostSupport = "arch/x86/virt/vmx/tdx/tdx.c";

    // The one that a kernel may lack comes last: a folder that is no kernel at all is told so.
    private static readonly string[] Required =
        ["include/linux/memblock.h", "mm/memblock.c", "lib/sort.c", HostSupport];

    /// <summary>True when a folder has every required file.</summary>
    public static bool AreIn(string folder) => FirstMissing(folder) is null;

    /// <summary>Notes in a tree that all of <see cref="Needed"/> was looked for when it was unpacked.</summary>
    public static void Mark(string tree) => File.WriteAllLines(Path.Combine(tree, List), Needed);

    /// <summary>True when a tree was unpacked with no shorter list than today's, and still has every required
    /// file.</summary>
    public static bool AreUnpacked(string tree)
    {
        var list = Path.Combine(tree, List);
        return AreIn(tree) && File.Exists(list) && !Needed.Except(File.ReadLines(list)).Any();
    }

    /// <summary>Refuses a folder that is no kernel tree, or one without TDX host support.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">How the user knows it.</param>
    /// <exception cref="KernelTreeException">A required file is missing.</exception>
    public static void Require(string folder, string name)
    {
        if (FirstMissing(folder) is { } missing)
        {
            throw new KernelTreeException(missing == HostSupport
                ? $"{name}: no TDX host support: {missing} is missing; Linux 6.8 and newer have it"
                : $"{name}: expected the top of a kernel tree, but {missing} is missing");
        }
    }

    private static string? FirstMissing(string folder) =>
        Array.Find(Required, f => !File.Exists(Path.Combine(folder, f)));
}
