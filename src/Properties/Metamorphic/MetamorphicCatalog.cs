// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;

namespace TdxVerify.Properties.Metamorphic;

public static class MetamorphicCatalog
{
    private const ulong Shift = 3 * Sizes.Page1G;
    private const ulong Elsewhere = 1UL << 42;

    public static IReadOnlyList<MetamorphicProperty> All { get; } =
    [
        new("X1", "the order of disjoint memblock_add() calls does not matter",
            "memblock_add_range(), e820__update_table()", Evidence.Result, Reverse, SameCase.Judge),
        new("X2", "memory added in two adjacent parts is the same memory", "memblock_merge_regions()", Evidence.Result,
            Split, SameCase.Judge),
        new("X3", "memory added twice is the same memory", "memblock_add_range(): existing regions win",
            Evidence.Result, Repeat, SameCase.Judge),
        new("X4", "memory above 4 GiB that is moved by whole GiBs moves its list and its TDMRs, nothing else",
            "build_tdx_memlist(), fill_out_tdmrs()", Evidence.Address, MoveUp,
            static (v, w) => MovedCase.Judge(v, w, Shift)),
        new("X5", "memory added far above changes nothing below", "build_tdx_memlist(), fill_out_tdmrs()",
            Evidence.Address, AddElsewhere, static (v, w) => MovedCase.Judge(v, w, 0)),
        new("B4", "a flag that says nothing about memory being convertible (MIRROR, KHO_SCRATCH) changes neither the "
            + "list's memory nor TDMRs nor what may go online",
            "for_each_mem_pfn_range() gives a range a flag", Evidence.Count, UnflaggedCase.Clear,
            UnflaggedCase.Judge),
    ];

    /// <summary>Memory is only added, and every addition has room.</summary>
    private static bool IsPlain(Scenario scenario, bool disjoint)
    {
        var (machine, calls) = (scenario.Machine, scenario.Machine.MemblockCalls);
        for (var i = 0; i < calls.Count; i++)
        {
            if (calls[i].Kind != MemblockCallKind.Add || calls[i].Size == 0)
                return false;

            for (var j = 0; disjoint && j < i; j++)
            {
                if (calls[j].Address < calls[i].Address + calls[i].Size
                    && calls[i].Address < calls[j].Address + calls[j].Size)
                {
                    return false;
                }
            }
        }

        return calls.Count > 0 && machine.E820.Count == 0 && scenario.Faults.FailingArray == 0;
    }

    private static bool Reverse(Scenario scenario)
    {
        var machine = scenario.Machine;
        if (machine.E820.Count == 0 && !IsPlain(scenario, disjoint: true))
            return false;

        machine.MemblockCalls.Reverse();
        machine.E820.Reverse();
        return machine.E820.Count == 0 || machine.MemblockCalls.Count == 0;
    }

    private static bool Split(Scenario scenario)
    {
        var calls = scenario.Machine.MemblockCalls;
        if (!IsPlain(scenario, disjoint: true) || calls.Count > 64)
            return false;

        for (var i = calls.Count - 1; i >= 0; i--)
        {
            var half = Pages.AlignDown(calls[i].Size / 2, Sizes.Page4K);
            if (half != 0)
            {
                calls.Add(calls[i] with { Address = calls[i].Address + half, Size = calls[i].Size - half });
                calls[i] = calls[i] with { Size = half };
            }
        }

        return true;
    }

    private static bool Repeat(Scenario scenario)
    {
        var calls = scenario.Machine.MemblockCalls;
        if (!IsPlain(scenario, disjoint: false))
            return false;

        for (var i = calls.Count - 1; i >= 0; i--)
            calls.Add(calls[i]);

        return true;
    }

    private static bool MoveUp(Scenario scenario)
    {
        var machine = scenario.Machine;
        if (!IsPlain(scenario, disjoint: false) || !IsCoveredByOneCmr(machine))
            return false;

        for (var i = 0; i < machine.MemblockCalls.Count; i++)
        {
            var call = machine.MemblockCalls[i];
            if (call.Address < Sizes.Gib4)
                return false;

            machine.MemblockCalls[i] = call with { Address = call.Address + Shift };
        }

        return scenario.Steps.TrueForAll(static s => s.Kind == StepKind.EnableTdx);
    }

    private static bool AddElsewhere(Scenario scenario)
    {
        if (!IsPlain(scenario, disjoint: false) || !IsCoveredByOneCmr(scenario.Machine)
            || scenario.Faults.FailingKmalloc > 0 || scenario.Faults.FailingContig > 0)
        {
            return false;
        }

        scenario.Machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, Elsewhere, Sizes.Page1G, 63, 0));
        return true;
    }

    private static bool IsCoveredByOneCmr(Machine machine) =>
        machine.Cmrs.Count == 1 && machine.Cmrs[0].End >= Elsewhere + Sizes.Page1G;
}
