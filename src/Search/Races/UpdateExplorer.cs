// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Scenarios;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Search.Races;

/// <summary>
/// Runs updates of the module with three CPUs in every start order and with up to a number of switches, wherever a CPU
/// stands in front of a spinlock or behind one: updates that succeed, and such that fail at each of their steps.
/// </summary>
public sealed class UpdateExplorer
{
    private const string Machine = """
        virt/tdx: BIOS enabled: private KeyID range [32, 64)
        virt/tdx: CMR: [0x100000, 0x80000000000)
        tdxverify: memblock add 0x100000+0x600000 node=0
        tdxverify: env cpus 3
        tdxverify: env cpus-per-package 3
        tdxverify: env tdmr-init-step 0x0
        tdxverify: step enable
        tdxverify: step module-update 0x0
        tdxverify: step cpu-offline 2
        tdxverify: step cpu-online 2
        tdxverify: step suspend
        """;

    private const int UpdateStep = 1;
    private const int Orders = 6;

    private static readonly SeamcallFault?[] Faults =
    [
        null,
        new(SeamcallLeaf.SysShutdown, 1, 1, TdxStatus.SysBusy),
        new(SeamcallLeaf.SeamldrInstall, 2, 1, TdxStatus.SeamldrRefusal),
        new(SeamcallLeaf.SysInit, 2, 1, TdxStatus.OperandInvalid),
        new(SeamcallLeaf.SysLpInit, 5, 1, TdxStatus.OperandInvalid),
        new(SeamcallLeaf.SysUpdate, 1, 1, TdxStatus.SysStateIncorrect),
    ];

    private readonly IHost _host;
    private readonly HostEnvironment _environment;
    private readonly CaseJudge _judge;
    private readonly List<int> _places = [];

    private UpdateExplorer(IHost host, HostEnvironment environment, KernelPolicy? policy)
    {
        (_host, _environment) = (host, environment);
        _judge = new CaseJudge(() => host, policy?.MergedChoices ?? MergedChoices.None, []);
    }

    /// <summary>Schedules that were run.</summary>
    public long Schedules { get; private set; }

    public static UpdateExplorer Of(KernelPolicy policy)
    {
        var host = new ModelHost(policy, Modules.Reloaded());
        return new UpdateExplorer(host, host.Environment, policy);
    }

    /// <summary>A kernel's own code, in this process.</summary>
    public static UpdateExplorer Of(KernelUnderTest kernel)
    {
        var policy = kernel.Profile?.Policy;
        var host = new KernelHost(kernel.Library, kernel.Name, Modules.Reloaded(), policy) { IsGuarded = false };
        return new UpdateExplorer(host, host.Environment, policy);
    }

    /// <summary>Explores, fewest switches first.</summary>
    /// <returns>The first schedule that violates what is no known issue, or null.</returns>
    public RaceFinding? Run(int switches, CancellationToken token)
    {
        Schedules = 0;
        for (var count = 0; count <= Math.Min(switches, CpuSchedule.Switches); count++)
        {
            foreach (var fault in Faults)
            {
                if (Explore(fault, count, token) is { } finding)
                    return finding;
            }
        }

        return null;
    }

    private RaceFinding? Explore(SeamcallFault? fault, int switches, CancellationToken token)
    {
        var scenario = ScenarioText.Read(Machine);
        if (fault is { } scripted)
            scenario.Faults.Seamcalls.Add(scripted);

        for (var permutation = 0; permutation < Orders; permutation++)
        {
            _places.Clear();
            for (var place = 1; place <= switches; place++)
                _places.Add(place);

            do
            {
                if (token.IsCancellationRequested)
                    return null;

                if (Broken(scenario, permutation) is { Count: > 0 } broken)
                    return Finding(broken, switches);
            }
            while (Advance(_environment.Schedule.Passed));
        }

        return null;
    }

    private List<Violation> Broken(Scenario scenario, int permutation)
    {
        var order = CpuSchedule.Number(permutation, [.. _places]);
        scenario.Steps[UpdateStep] = Step.ModuleUpdate(order);
        _judge.Run(scenario);
        Schedules++;
        return [.. _judge.Judge(index: 0, withMetamorphic: false).Where(static v => v.KnownIssue is null)];
    }

    /// <summary>The next set of ascending places.</summary>
    /// <param name="last">Places that the last run had.</param>
    private bool Advance(int last)
    {
        var most = Math.Min(last, CpuSchedule.Places);
        for (var i = _places.Count - 1; i >= 0; i--)
        {
            if (_places[i] + (_places.Count - 1 - i) >= most)
                continue;

            _places[i]++;
            for (var next = i + 1; next < _places.Count; next++)
                _places[next] = _places[next - 1] + 1;

            return true;
        }

        return false;
    }

    /// <summary>What each CPU called in the update.</summary>
    private RaceFinding Finding(List<Violation> broken, int switches)
    {
        var trace = _judge.Facts.Trace;
        var lines = new List<(int Task, string What)>();
        var step = trace.Steps.Length > UpdateStep ? trace.Steps[UpdateStep] : default;
        var end = trace.Steps.Length > UpdateStep ? step.EndEvent : trace.Events.Count;
        for (var at = step.FirstEvent; at < end; at++)
        {
            var e = trace.Events[at];
            if (e.Kind == TraceEventKind.Seamcall)
                lines.Add((e.Seamcall.Lp, RaceFinding.Call(e)));
        }

        return new RaceFinding(broken, switches, ["cpu 0", "cpu 1", "cpu 2"], lines);
    }
}
