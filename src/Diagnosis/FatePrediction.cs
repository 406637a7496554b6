// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects;

namespace TdxVerify.Diagnosis;

/// <summary>Runs a complete scenario on the reference and counts what its TDMRs need.</summary>
public static class FatePrediction
{
    /// <summary>Predicts.</summary>
    public static Fate Predict(Scenario scenario, HostProfile profile)
    {
        var machine = scenario.Machine;
        var version = machine.Module ?? ModuleVersion.V1_5;
        var run = new ReferenceSubject(profile.Rules, s => ModuleOf(s, version)).Run(scenario);
        var memlist = MemlistOf(run);
        var memory = profile.Rules.Holes == HoleSource.Cmrs
            ? RangeSets.Normalize(machine.Cmrs.Where(static c => c.Size != 0).Select(static c => AddressRange.OfSize(c.Base, c.Size)))
            : RangeSets.Normalize(memlist.Select(static e => e.Bytes));
        var tdmrs = run.Tdmrs.Tdmrs.ToList();
        return new Fate
        {
            Profile = profile,
            Module = version,
            BootRanges = run.Boot.EarlyRanges,
            Nodes = run.Boot.Nodes,
            Memlist = memlist,
            Tdmrs = tdmrs.ConvertAll(t => UseOf(t, tdmrs, memory, PamtBytes(t.Size, run.UsesDynamicPamt, machine.Limits))),
            TdmrsNeeded = CountNeeded(memlist),
            Limits = machine.Limits,
            Errno = run.ResultOf(StepKind.EnableTdx) ?? 0,
            Status = run.Status,
            Lines = [.. run.Trace.Events.Where(static e => e.Kind == TraceEventKind.Log)],
            Unknown = run.Unknown,
        };
    }

    /// <summary>A version nobody modelled is given a module that accepts everything: only the kernel's part is judged then.</summary>
    private static ISeamcall ModuleOf(Scenario scenario, ModuleVersion version) =>
        ModuleProfile.Of(version) is { } profile
            ? ReferenceSubject.SimulatedModuleOf(scenario, profile)
            : ReferenceSubject.PermissiveModuleOf(scenario);

    /// <summary>The list is emptied by a failure; what it was follows from memblock.</summary>
    private static List<PfnRange> MemlistOf(SubjectRun run)
    {
        var first = Pages.PfnDown(Sizes.Mib);
        var list = new List<PfnRange>();
        foreach (var range in run.Memblock.PfnRanges())
        {
            if (range.End > first)
            {
                list.Add(range with { Start = Math.Max(range.Start, first) });
            }
        }

        return list;
    }

    private static TdmrUse UseOf(Tdmr tdmr, List<Tdmr> all, List<AddressRange> memory, ulong pamtBytes)
    {
        var range = new AddressRange(tdmr.Base, tdmr.End);
        var holes = RangeSets.Subtract([range], memory);
        var pamts = all.Select(t => new AddressRange(Math.Max(t.PamtChunk.Start, range.Start), Math.Min(t.PamtChunk.End, range.End)))
            .Where(static p => !p.IsEmpty).OrderBy(static p => p.Start).ToList();
        return new TdmrUse(range, pamtBytes, tdmr.PamtNid, holes, pamts);
    }

    private static ulong PamtBytes(ulong size, bool isDynamic, ModuleLimits limits)
    {
        var small = isDynamic ? Pages.AlignUp(size / Sizes.Page4K / 8, Sizes.Page4K) : Rounded(size / Sizes.Page4K, limits.Pamt4KEntrySize);
        return small + Rounded(size / Sizes.Page2M, limits.Pamt2MEntrySize) + Rounded(size / Sizes.Page1G, limits.Pamt1GEntrySize);

        static ulong Rounded(ulong entries, ulong bytes) => Pages.AlignUp(entries * bytes, Sizes.Page4K);
    }

    /// <summary>A TDMR for every entry that reaches into a GiB which none before it covers.</summary>
    private static int CountNeeded(List<PfnRange> memlist)
    {
        ulong covered = 0;
        var count = 0;
        foreach (var entry in memlist)
        {
            var end = Pages.AlignUp(entry.Bytes.End, Sizes.Page1G);
            if (end > covered)
            {
                count++;
                covered = end;
            }
        }

        return count;
    }
}
