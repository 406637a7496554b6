// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Subjects;

namespace TdxVerify.Conformance.Cases;

/// <summary>The host path of Linux 6.12 with an accept-all module: from memblock calls to the notifier's verdicts.</summary>
internal sealed class HostCases : ICaseFormat
{
    private static readonly string[] Keys =
    [
        "id", "kind", "ops", "cfg", "fault", "mfail", "regions", "reserved", "memlist", "ret", "status", "memlist_after", "contig", "tdmrs", "freed_tdmrs",
        "live", "bad_free", "warns", "log", "kmallocs", "seamcalls", "wbinvd", "movdir", "notify", "ret2",
    ];

    /// <inheritdoc/>
    public string Name => "Linux 6.12 host path";

    /// <inheritdoc/>
    public string? NotApplicable => null;

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) => recorded.TryGetProperty("ops", out _) && recorded.TryGetProperty("cfg", out _);

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded)
    {
        var run = Run(HostCaseScenario.Read(recorded));
        var second = Run(HostCaseScenario.ReadTwice(recorded)).Steps[^1].Result;
        var answer = new RecordedAnswer();
        CompareMemblock(answer, recorded, run);
        CompareResults(answer, recorded, run);
        answer.Compare(recorded, "ret2", Signed(second));
        CompareTdmrs(answer, recorded, run);
        CompareCounts(answer, recorded, run);
        answer.RejectUnknown(recorded, Keys);
        return answer.Differences;
    }

    private static SubjectRun Run(Scenario scenario)
    {
        var run = new ReferenceSubject(HostRules.Merged, ReferenceSubject.PermissiveModuleOf).Run(scenario);
        return run.Trace.IsEndless ? throw new EndlessCaseException() : run;
    }

    private static void CompareMemblock(RecordedAnswer answer, JsonElement recorded, SubjectRun run)
    {
        answer.Compare(recorded, "regions", Regions(run.Memblock.Memory), "[]");
        answer.Compare(recorded, "reserved", Regions(run.Memblock.Reserved), "[]");
        var memlist = run.BuiltMemlist.Select(static e => RecordedAnswer.Numbers(e.Start, e.End, unchecked((ulong)e.Nid)));
        answer.Compare(recorded, "memlist", RecordedAnswer.List(memlist), "[]");
    }

    private static string Regions(Model.Memblock.MemblockType type)
    {
        var regions = new List<string>(type.Count);
        foreach (var region in type.Regions)
        {
            regions.Add(RecordedAnswer.Numbers(region.Base, region.Size, (ulong)region.Flags, unchecked((ulong)region.Nid)));
        }

        return RecordedAnswer.List(regions);
    }

    private static void CompareResults(RecordedAnswer answer, JsonElement recorded, SubjectRun run)
    {
        answer.Compare(recorded, "ret", Signed(run.Steps[0].Result));
        answer.Compare(recorded, "status", RecordedAnswer.Number((ulong)run.Status));
        answer.Compare(recorded, "memlist_after", RecordedAnswer.Number((ulong)run.Memlist.Count));
        var verdicts = run.Steps.Where(static s => s.Step.Kind == StepKind.GoingOnline)
            .Select(static s => RecordedAnswer.Numbers(s.Step.Address, s.Step.Size, (ulong)s.Result));
        answer.Compare(recorded, "notify", RecordedAnswer.List(verdicts), "[]");
    }

    private static void CompareTdmrs(RecordedAnswer answer, JsonElement recorded, SubjectRun run)
    {
        var tdmrs = RecordedAnswer.List(run.Tdmrs.Tdmrs.Take(run.Tdmrs.Consumed).Select(Tdmr));
        var isKept = run.Environment.Live(AllocationSite.TdmrBuffer) > 0;
        answer.Compare(recorded, "tdmrs", isKept ? tdmrs : "[]", "[]");
        answer.Compare(recorded, "freed_tdmrs", isKept ? "[]" : tdmrs, "[]");

        var requests = run.Trace.Events.Where(static e => e.Kind == TraceEventKind.Allocate && (AllocationSite)e.A == AllocationSite.Pamt).ToArray();
        var recordedAnswers = RecordedValue.Items(recorded, "contig").ToArray();
        var calls = requests.Select((e, i) => RecordedAnswer.List(
        [
            RecordedAnswer.Number(e.C), RecordedAnswer.Number(e.D),
            e.B == 0 || i >= recordedAnswers.Length ? "null" : RecordedAnswer.Number(RecordedValue.Number(recordedAnswers[i][2])),
        ]));
        answer.Compare(recorded, "contig", RecordedAnswer.List(calls), "[]");
    }

    private static string Tdmr(Tdmr tdmr) => RecordedAnswer.List(
    [
        RecordedAnswer.Number(tdmr.Base), RecordedAnswer.Number(tdmr.Size),
        Pamt(tdmr, PamtLevel.Level4K), Pamt(tdmr, PamtLevel.Level2M), Pamt(tdmr, PamtLevel.Level1G),
        RecordedAnswer.List(tdmr.Reserved.Select(static a => RecordedAnswer.Numbers(a.Offset, a.Size))),
    ]);

    private static string Pamt(Tdmr tdmr, PamtLevel level) => RecordedAnswer.Numbers(tdmr.PamtBase(level), tdmr.PamtSize(level));

    private static void CompareCounts(RecordedAnswer answer, JsonElement recorded, SubjectRun run)
    {
        var trace = run.Trace;
        var environment = run.Environment;
        var kmallocs = environment.Live(AllocationSite.MemlistEntry) + environment.Live(AllocationSite.TdmrPaArray) + environment.Live(AllocationSite.PackageMask);
        answer.Compare(recorded, "live", RecordedAnswer.Numbers(
            (ulong)kmallocs, (ulong)environment.Live(AllocationSite.TdmrBuffer), (ulong)environment.Live(AllocationSite.Pamt)));
        answer.Compare(recorded, "bad_free", RecordedAnswer.Number((ulong)trace.BadFrees));
        answer.Compare(recorded, "warns", RecordedAnswer.Number((ulong)trace.Warnings));
        answer.Compare(recorded, "log", RecordedAnswer.Numbers(
            (ulong)trace.LogLines(LogLevel.Error), (ulong)trace.LogLines(LogLevel.Warning), (ulong)trace.LogLines(LogLevel.Info)));
        answer.Compare(recorded, "kmallocs", RecordedAnswer.Number((ulong)trace.Kmallocs));
        answer.Compare(recorded, "seamcalls", RecordedAnswer.Number((ulong)trace.Seamcalls));
        answer.Compare(recorded, "wbinvd", RecordedAnswer.Number((ulong)trace.Flushes));
        answer.Compare(recorded, "movdir", RecordedAnswer.Number(trace.ResetBytes));
    }

    private static string Signed(int value) => RecordedAnswer.Number(unchecked((ulong)value));
}
