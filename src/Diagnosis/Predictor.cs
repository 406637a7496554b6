// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects;

namespace TdxVerify.Diagnosis;

/// <summary>Runs a complete scenario on the reference and counts what its TDMRs need.</summary>
public static class Predictor
{
    public static Prediction Predict(Scenario scenario, HostProfile profile)
    {
        var machine = scenario.Machine;
        var version = machine.Module ?? ModuleVersion.V1_5;
        var run = new ModelHost(profile.Policy, s => ModuleOf(s, version)).Run(scenario);
        var memlist = run.BuiltMemlist;
        var memory = profile.Policy.Holes == HoleSource.Cmrs
            ? machine.ConvertibleMemory()
            : RangeSet.Of(memlist.Select(static e => e.Bytes));
        var tdmrs = run.Tdmrs.Tdmrs.ToList();
        return new Prediction
        {
            Profile = profile,
            Module = version,
            BootRanges = run.BootResult.EarlyRanges,
            Nodes = run.BootResult.Nodes,
            Memlist = memlist,
            Tdmrs = tdmrs.ConvertAll(
                t => UseOf(
                    t, tdmrs, memory, NodeOf(t, memlist), PamtBytes(t.Size, run.UsesDynamicPamt, machine.Limits))),
            NeededTdmrs = TdmrsOf(memlist),
            Limits = machine.Limits,
            Errno = run.Trace.ResultOf(StepKind.EnableTdx) ?? 0,
            FailedSite = FailedSiteOf(run.Trace),
            Status = run.Status,
            Lines = [
                .. run.Trace.Events.Where(
                    static e => e.Kind == TraceEventKind.Log && e.Log.Line != KernelLine.ModuleVersion)],
            Unknown = run.Trace.Unknown
                ?? (run.Trace.IsEndless ? "how it goes on: a SEAMCALL is repeated without end" : null),
        };
    }

    private static AllocationSite? FailedSiteOf(Trace trace)
    {
        foreach (var e in trace.Events)
        {
            if (e.Kind == TraceEventKind.Allocate && e.Allocation.IsNull)
                return e.Allocation.Site;
        }

        return null;
    }

    /// <summary>A version nobody modelled is given a module that accepts everything: only the kernel's part is judged
    /// then.</summary>
    private static ISeamcall ModuleOf(Scenario scenario, ModuleVersion version) =>
        ModuleProfile.Of(version) is { } profile
            ? Modules.Simulated(scenario, profile)
            : Modules.Permissive(scenario);

    private static TdmrUse UseOf(Tdmr tdmr, List<Tdmr> all, RangeSet memory, int nid, ulong pamtBytes)
    {
        var range = new AddressRange(tdmr.Base, tdmr.End);
        var holes = RangeSet.Of([range]).Except(memory);
        var pamts =
            all.Select(
                t => new AddressRange(Math.Max(t.PamtChunk.Start, range.Start), Math.Min(t.PamtChunk.End, range.End)))
            .Where(static p => !p.IsEmpty).OrderBy(static p => p.Start).ToList();
        return new TdmrUse(range, pamtBytes, nid, holes, pamts);
    }

    /// <summary>Node of the first entry that ends after the TDMR begins, also where no PAMT was asked for.</summary>
    private static int NodeOf(Tdmr tdmr, IReadOnlyList<PfnRange> memlist) =>
        memlist.FirstOrDefault(e => e.Bytes.End > tdmr.Base).Nid;

    private static ulong PamtBytes(ulong size, bool isDynamic, ModuleLimits limits)
    {
        var small = isDynamic
            ? Pages.AlignUp(size / Sizes.Page4K / 8, Sizes.Page4K)
            : Rounded(size / Sizes.Page4K, limits.Pamt4KEntrySize);
        return small + Rounded(size / Sizes.Page2M, limits.Pamt2MEntrySize)
            + Rounded(size / Sizes.Page1G, limits.Pamt1GEntrySize);

        static ulong Rounded(ulong entries, ulong bytes) => Pages.AlignUp(entries * bytes, Sizes.Page4K);
    }

    /// <summary>A TDMR for every entry that reaches into a GiB which none before it covers.</summary>
    private static List<AddressRange> TdmrsOf(IReadOnlyList<PfnRange> memlist)
    {
        ulong covered = 0;
        var tdmrs = new List<AddressRange>();
        foreach (var entry in memlist)
        {
            var range =
                new AddressRange(
                    Math.Max(Pages.AlignDown(entry.Bytes.Start, Sizes.Page1G), covered),
                    Pages.AlignUp(entry.Bytes.End, Sizes.Page1G));
            if (!range.IsEmpty)
            {
                covered = range.End;
                tdmrs.Add(range);
            }
        }

        return tdmrs;
    }
}
