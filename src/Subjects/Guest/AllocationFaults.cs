// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest;

/// <summary>Allocations of a running tdx_enable() that fail as a scenario says: the allocator is not even
/// entered.</summary>
internal sealed class AllocationFaults(
    SymbolTable symbols, GdbStub debugger, Breakpoints breakpoints, Faults faults)
{
    /// <summary>Functions of tdx.c that allocate; a compiler may put them into one another.</summary>
    private static readonly string[] Callers =
    [
        "tdx_enable", "__tdx_enable", "init_tdx_module", "build_tdx_memlist", "add_tdx_memblock", "alloc_tdmr_list",
        "config_tdx_module", "construct_tdmrs", "tdmrs_set_up_pamt_all", "tdmr_set_up_pamt",
    ];

    private readonly List<ulong> _planted = [];

    /// <summary>From now on they fail; the machine stands still.</summary>
    public void Plant()
    {
        Plant(faults.FailingContig, "alloc_contig_pages_noprof", "alloc_contig_pages");
        Plant(faults.FailingKmalloc, "__kmalloc_cache_noprof", "__kmalloc_noprof");
        Plant(faults.FailingPagesExact, "alloc_pages_exact_noprof", "alloc_pages_exact");
    }

    /// <summary>No longer; the machine stands still.</summary>
    public void Remove()
    {
        _planted.ForEach(breakpoints.Remove);
        _planted.Clear();
    }

    /// <summary>The nth call of any of them returns NULL.</summary>
    private void Plant(int nth, params string[] names)
    {
        if (nth == 0)
            return;

        var left = nth;
        foreach (var address in names.Select(symbols.Find).OfType<ulong>())
        {
            _planted.Add(address);
            breakpoints.Add(address, registers =>
            {
                if (IsOfTdx(registers) && --left == 0)
                    debugger.Return(registers, 0);
                else
                    breakpoints.StepOver(address);

                return true;
            });
        }
    }

    private bool IsOfTdx(GuestRegisters entry) =>
        symbols.NameAt(debugger.ReturnAddress(entry)) is { } name && Callers.Contains(name.Split('.')[0]);
}
