// SPDX-License-Identifier: MIT

namespace TdxVerify.Diagnosis;

/// <summary>Memory that is not RAM at boot but may become so, and then can't go online while TDX is on.</summary>
internal static class HotpluggableMemory
{
    /// <summary>Soft-reserved entries, CXL windows and hotplug slots, ascending.</summary>
    public static IReadOnlyList<NamedRange> Of(Scenario scenario, IEnumerable<PfnRange> memlist)
    {
        var machine = scenario.Machine;
        var memory = RangeSet.Of(memlist.Select(static e => e.Bytes));
        var later = new List<NamedRange>(machine.HotpluggableMemory);
        later.AddRange(machine.E820.Where(static e => e.Type == E820Type.SoftReserved)
            .Select(static e => new NamedRange(AddressRange.OfSize(e.Address, e.Size), "soft reserved")));
        later.AddRange(machine.E820.Where(static e => e.Type is E820Type.Pmem or E820Type.Pram)
            .Select(static e => new NamedRange(AddressRange.OfSize(e.Address, e.Size), "persistent memory")));
        foreach (var entry in machine.Srat.Where(static s => s.Hotplug))
        {
            var free = RangeSet.Of([AddressRange.OfSize(entry.Start, entry.Size)]).Except(memory);
            later.AddRange(free.Select(r => new NamedRange(r, $"hotplug slot of node {entry.Nid}")));
        }

        var enable = scenario.Steps.FindIndex(static s => s.Kind == StepKind.EnableTdx);
        later.AddRange(scenario.Steps.Skip(enable + 1).Where(static s => s.Kind == StepKind.AddMemory)
            .Select(static s =>
                new NamedRange(AddressRange.OfSize(s.Address, s.Size), "added after TDX was enabled")));
        return [.. later.Distinct().OrderBy(static l => l.Range.Start).ThenBy(static l => l.Range.End)];
    }
}
