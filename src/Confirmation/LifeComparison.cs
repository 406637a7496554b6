// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Conformance;
using TdxVerify.Model;
using TdxVerify.Subjects;

namespace TdxVerify.Confirmation;

/// <summary>What becomes of TDX on a running kernel, step for step, against the model on the same module: results, and
/// which SEAMCALLs were answered how. In which order CPUs make them is the kernel's affair.</summary>
public sealed class LifeComparison(KernelPolicy policy)
{
    private readonly ModelHost _model = new(policy, Modules.Reloaded());
    private readonly Scenario _taken = new();

    /// <summary>The first difference, or none; where an initcall enables TDX, so that no allocation of hotplug comes
    /// before.</summary>
    public IReadOnlyList<CaseDifference> Compare(Scenario scenario, Trace trace)
    {
        if (!policy.BuildsListDuringBoot || scenario.Steps is not [{ Kind: StepKind.EnableTdx }, ..])
            return [];

        _taken.CopyFrom(scenario);
        _taken.Steps.RemoveAll(trace.Skipped.Contains);
        new SubjectDriver(_model).Run(_taken);
        var (seen, predicted) = (Lives(trace), Lives(_model.Trace));
        for (var i = 0; i < Math.Min(seen.Count, predicted.Count); i++)
        {
            var isFailedUpdate = seen[i].Step.Kind == StepKind.ModuleUpdate && seen[i].Result != 0;
            if (seen[i].Result != predicted[i].Result)
                return [Difference(i, "result", Errno.Name(seen[i].Result), Errno.Name(predicted[i].Result))];

            // Who has called before he sees that another CPU failed is nobody's promise.
            if (isFailedUpdate && scenario.Choices.Cpus + scenario.Choices.OfflineCpus > 1)
                return [];

            var (calls, expected) = (Calls(trace, seen[i]), Calls(_model.Trace, predicted[i]));
            if (calls != expected)
                return [Difference(i, "calls", calls, expected)];
        }

        return [];

        CaseDifference Difference(int at, string what, string one, string other) => new(
            string.Create(CultureInfo.InvariantCulture, $"{seen[at].Step.Kind} {at}: {what}"), one, other);
    }

    private static List<StepRecord> Lives(Trace trace) =>
    [
        .. trace.Steps.ToArray().Where(static s => s.Step.Kind is StepKind.EnableTdx or StepKind.CpuOnline
            or StepKind.CpuOffline or StepKind.KeyIdAlloc or StepKind.KeyIdFree or StepKind.ModuleUpdate),
    ];

    private static string Calls(Trace trace, in StepRecord step)
    {
        var calls = new List<string>();
        for (var i = step.FirstEvent; i < step.EndEvent; i++)
        {
            if (trace.Events[i] is { Kind: TraceEventKind.Seamcall } call)
                calls.Add(SeamcallLeaf.Name(call.Seamcall.Leaf) + " " + TdxStatus.Name(call.Seamcall.Status));
        }

        calls.Sort(StringComparer.Ordinal);
        return string.Join(", ", calls);
    }
}
