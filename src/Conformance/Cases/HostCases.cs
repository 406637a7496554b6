// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Conformance.Cases;

/// <summary>The host path of Linux 6.12 with an accept-all module: from memblock calls to the notifier's
/// verdicts.</summary>
internal sealed class HostCases(KernelHost? kernel = null) : ICaseFormat
{
    private static readonly string[] Keys =
    [
        "id", "kind", "ops", "cfg", "fault", "mfail", "regions", "reserved", "memlist", "ret", "status",
        "memlist_after", "contig", "tdmrs", "freed_tdmrs",
        "live", "bad_free", "warns", "log", "kmallocs", "seamcalls", "wbinvd", "movdir", "notify", "ret2",
    ];

    public string Name => kernel is null ? "Linux 6.12 host path" : $"Linux 6.12 host path, also on {kernel.Name}";

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) =>
        recorded.TryGetProperty("ops", out _) && recorded.TryGetProperty("cfg", out _);

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded)
    {
        var differences = Compare(recorded, HostAnswers.OfReference).ToList();
        if (kernel is not null)
        {
            differences.AddRange(Compare(recorded, scenario => HostAnswers.OfKernel(kernel, scenario))
                .Select(static d => d with { Field = "kernel: " + d.Field }));
        }

        return differences;
    }

    private static IReadOnlyList<CaseDifference> Compare(JsonElement recorded, Func<Scenario, HostAnswers> answers)
    {
        var run = Run(HostCaseScenario.Read(recorded), answers);
        var answer = new RecordedAnswer();
        CompareMemblock(answer, recorded, run);
        CompareResults(answer, recorded, run);
        CompareTdmrs(answer, recorded, run);
        CompareCounts(answer, recorded, run);
        var second = Run(HostCaseScenario.ReadTwice(recorded), answers).Trace.Steps;
        answer.Compare(recorded, "ret2", second.Length < 2 ? "it did not come back" : Signed(second[^1].Result));
        answer.RejectUnknown(recorded, Keys);
        return answer.Differences;
    }

    private static HostAnswers Run(Scenario scenario, Func<Scenario, HostAnswers> answers)
    {
        var run = answers(scenario);
        return run.Trace.IsEndless ? throw new EndlessCaseException() : run;
    }

    private static void CompareMemblock(RecordedAnswer answer, JsonElement recorded, HostAnswers run)
    {
        answer.Compare(recorded, "regions", Regions(run.Memory), "[]");
        answer.Compare(recorded, "reserved", Regions(run.Reserved), "[]");
        var memlist =
            run.BuiltMemlist.Select(static e => RecordedAnswer.Numbers(e.Start, e.End, unchecked((ulong)e.Nid)));
        answer.Compare(recorded, "memlist", RecordedAnswer.List(memlist), "[]");
    }

    private static string Regions(IEnumerable<MemblockRegion> regions) => RecordedAnswer.List(
        regions.Select(static r => RecordedAnswer.Numbers(r.Base, r.Size, (ulong)r.Flags, unchecked((ulong)r.Nid))));

    private static void CompareResults(RecordedAnswer answer, JsonElement recorded, HostAnswers run)
    {
        var steps = run.Trace.Steps.ToArray();
        answer.Compare(recorded, "ret", steps.Length == 0 ? "it did not come back" : Signed(steps[0].Result));
        answer.Compare(recorded, "status", Signed(run.Status));
        answer.Compare(recorded, "memlist_after", RecordedAnswer.Number((ulong)run.MemlistAfter));
        var verdicts = steps.Where(static s => s.Step.Kind == StepKind.GoingOnline)
            .Select(static s => RecordedAnswer.Numbers(
                s.Step.Pfn, s.Step.Count, (ulong)(s.Result == 0 ? NotifierVerdict.Ok : NotifierVerdict.Bad)));
        answer.Compare(recorded, "notify", RecordedAnswer.List(verdicts), "[]");
    }

    private static void CompareTdmrs(RecordedAnswer answer, JsonElement recorded, HostAnswers run)
    {
        var tdmrs = RecordedAnswer.List(run.Tdmrs.Tdmrs.ToArray().Select(t => Tdmr(run.Tdmrs, t)));
        var isKept = run.Environment.Live(AllocationSite.TdmrBuffer) > 0;
        answer.Compare(recorded, "tdmrs", isKept ? tdmrs : "[]", "[]");
        answer.Compare(recorded, "freed_tdmrs", isKept ? "[]" : tdmrs, "[]");

        var requests = run.Trace.Events.Where(static e => e.IsAt(TraceEventKind.Allocate, AllocationSite.Pamt))
            .ToArray();
        var recordedAnswers = RecordedValue.Items(recorded, "contig").ToArray();
        var calls = requests.Select((e, i) => RecordedAnswer.List(
        [
            RecordedAnswer.Number(e.Allocation.Amount), RecordedAnswer.Number(unchecked((ulong)e.Allocation.Nid)),
            e.Allocation.IsNull
                || i >= recordedAnswers.Length
                    ? "null"
                    : RecordedAnswer.Number(RecordedValue.Number(recordedAnswers[i][2])),
        ]));
        answer.Compare(recorded, "contig", RecordedAnswer.List(calls), "[]");
    }

    private static string Tdmr(TdmrTable table, TdmrView tdmr) => RecordedAnswer.List(
    [
        RecordedAnswer.Number(tdmr.Base), RecordedAnswer.Number(tdmr.Size),
        Pamt(tdmr.Pamt4K), Pamt(tdmr.Pamt2M), Pamt(tdmr.Pamt1G),
        RecordedAnswer.List(
            table.Reserved(tdmr).ToArray().Select(static a => RecordedAnswer.Numbers(a.Offset, a.Size))),
    ]);

    private static string Pamt(PamtView pamt) => RecordedAnswer.Numbers(pamt.Base, pamt.Size);

    private static void CompareCounts(RecordedAnswer answer, JsonElement recorded, HostAnswers run)
    {
        var trace = run.Trace;
        var environment = run.Environment;
        var kmallocs = environment.Live(AllocationSite.MemlistEntry) + environment.Live(AllocationSite.TdmrPaArray)
            + environment.Live(AllocationSite.PackageMask);
        answer.Compare(recorded, "live", RecordedAnswer.Numbers(
            (ulong)kmallocs, (ulong)environment.Live(AllocationSite.TdmrBuffer),
                (ulong)environment.Live(AllocationSite.Pamt)));
        answer.Compare(recorded, "bad_free", RecordedAnswer.Number((ulong)trace.BadFrees));
        answer.Compare(recorded, "warns", RecordedAnswer.Number((ulong)trace.Warnings));
        answer.Compare(recorded, "log", RecordedAnswer.Numbers(
            (ulong)trace.LogLines(LogLevel.Error), (ulong)trace.LogLines(LogLevel.Warning),
                (ulong)trace.LogLines(LogLevel.Info)));
        answer.Compare(recorded, "kmallocs", RecordedAnswer.Number((ulong)trace.Kmallocs));
        answer.Compare(recorded, "seamcalls", RecordedAnswer.Number((ulong)trace.Seamcalls));
        answer.Compare(recorded, "wbinvd", RecordedAnswer.Number((ulong)trace.Flushes));
        answer.Compare(recorded, "movdir", RecordedAnswer.Number(trace.ResetBytes));
    }

    private static string Signed(int value) => RecordedAnswer.Number(unchecked((ulong)value));
}
