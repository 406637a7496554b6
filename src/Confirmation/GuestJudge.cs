// SPDX-License-Identifier: MIT

using TdxVerify.Conformance;
using TdxVerify.Conformance.Recording;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Confirmation;

/// <summary>Runs scenarios on a running kernel and judges them. One thread uses it.</summary>
public sealed class GuestJudge : IDisposable
{
    private readonly GuestHost _host;
    private readonly BootRecorder _recorder;
    private readonly CaseJudge _judge;
    private readonly LifeComparison _life;
    private readonly bool _isStrict;

    /// <summary>A judge.</summary>
    /// <param name="isStrict">Known issues are findings, too.</param>
    public GuestJudge(GuestKernel kernel, bool isStrict, CancellationToken token)
    {
        _isStrict = isStrict;
        _host = new GuestHost(kernel, Modules.Reloaded(), token);
        _recorder = new BootRecorder(_host, kernel);
        _life = new LifeComparison(_host.Policy);
        _judge = new CaseJudge(() => _host, _host.Policy.MergedChoices, []);
    }

    /// <summary>The generator of cases that a kernel can meet.</summary>
    public static BootableCases CasesFor(GuestKernel kernel, int steps)
    {
        var policy = kernel.PolicyOfRelease();
        return new BootableCases
        {
            HasTdx = kernel.HasTdx,
            Steps = steps,
            Traits = policy.BuildsListDuringBoot ? KernelTraits.EnablesDuringBoot : KernelTraits.None,
        };
    }

    /// <summary>Boots a kernel with the machine of a scenario and takes its steps.</summary>
    /// <param name="index">Number of the case.</param>
    /// <exception cref="GuestException">The machine can't be made.</exception>
    public GuestVerdict Run(Scenario scenario, ulong index)
    {
        var record = _recorder.Run(scenario, index);
        var trace = _host.Trace;
        var kept = new Scenario();
        kept.CopyFrom(scenario);
        _judge.Take(kept, trace);
        var violations = _judge.Judge(index, withMetamorphic: false)
            .Select(v => _isStrict ? v with { KnownIssue = null } : v).ToArray();
        var hasBooted = record.TryGetProperty("initial", out _);
        var differences = hasBooted
            ? [.. ConformanceRun.JudgeBoot(record), .. _life.Compare(kept, trace)]
            : Array.Empty<CaseDifference>();
        var verdict = new GuestVerdict(
            index, kept, differences, violations, [.. Splat.Lines(_recorder.Console)], record, _recorder.Console)
        {
            End = trace.HasCrashed || trace.IsEndless ? _host.CrashMessage ?? "ended" : null,
            HasHung = trace.Events.Any(
                static e => e.Kind == TraceEventKind.Crashed && e.Crash == CrashKind.Endless),
            KnownEnd = trace.HasEnded && !_isStrict ? GuestKnownIssue.Of(kept, trace, _recorder.Console) : null,
            Steps = trace.Steps.Length,
            Refused = trace.Steps.ToArray().Count(
                static s => s.Step.Kind == StepKind.BlockOnline && s.Result == -Errno.Eperm),
            IsInitialized = trace.ResultOf(StepKind.EnableTdx) == 0,
        };
        _host.Dispose();
        return verdict;
    }

    public void Dispose() => _host.Dispose();
}
