// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Search.Races;

/// <summary>
/// Runs the tasks of a case in every order of what they do between calls of the environment, with up to a number of
/// preemptions: switches away from a task that could go on. Every schedule boots anew. Fewer preemptions are explored
/// first, so that what is found has the fewest.
/// </summary>
public sealed class RaceExplorer : IDisposable
{
    private readonly CaseJudge _judge;
    private readonly MergedChoices _choices;
    private readonly (Interleaving Run, List<Violation> Serial)[] _runs;
    private readonly List<int> _schedule = [];

    private RaceExplorer(IHost host, HostEnvironment environment, KernelPolicy? policy, RaceLocks locks)
    {
        _choices = policy?.MergedChoices ?? MergedChoices.None;
        _judge = new CaseJudge(() => host, _choices, []);
        _runs =
        [
            .. RaceCase.Of(policy ?? KernelPolicy.Merged).Select(race =>
            {
                var run = new Interleaving(host, environment, race, locks);
                return (run, Broken(run, [], 0));
            }),
        ];
    }

    /// <summary>What is broken when one task runs behind the other already, and no schedule is to blame for.</summary>
    public IReadOnlyList<Violation> Serial =>
        [.. _runs.SelectMany(static r => r.Serial).DistinctBy(static v => v.Property)];

    /// <summary>Schedules that were run to their end.</summary>
    public long Schedules { get; private set; }

    public static RaceExplorer Of(KernelPolicy policy, RaceLocks locks)
    {
        var host = new ModelHost(policy, Modules.Reloaded());
        return new RaceExplorer(host, host.Environment, policy, locks);
    }

    /// <summary>
    /// A kernel's own code, in this process. Protection keys are a thread's own: nobody watches with them.
    /// </summary>
    public static RaceExplorer Of(KernelUnderTest kernel, RaceLocks locks)
    {
        var policy = kernel.Profile?.Policy;
        var host = new KernelHost(kernel.Library, kernel.Name, Modules.Reloaded(), policy) { IsGuarded = false };
        return new RaceExplorer(host, host.Environment, policy, locks);
    }

    /// <summary>Explores.</summary>
    /// <returns>The first schedule that breaks something, or null.</returns>
    public RaceFinding? Run(int preemptions, CancellationToken token)
    {
        for (var bound = 0; bound <= preemptions; bound++)
        {
            Schedules = 0;
            foreach (var (run, serial) in _runs)
            {
                _schedule.Clear();
                if (Explore(run, serial, bound, token) is { } finding)
                    return finding;
            }
        }

        return null;
    }

    public void Dispose() => Array.ForEach(_runs, static r => r.Run.Dispose());

    /// <summary>Depth first: a schedule is a list of choices; behind it the first that can go on does.</summary>
    private RaceFinding? Explore(Interleaving run, List<Violation> serial, int bound, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            var broken = Broken(run, _schedule, bound);
            broken.RemoveAll(v => serial.Exists(s => s.Property == v.Property));
            Schedules++;
            if (broken.Count > 0)
                return RaceFinding.Of(broken, bound - run.Left, run, _judge.Facts.Trace);

            // The last choice that has an alternative left is the next to change.
            var choices = run.Choices;
            var at = choices.Count - 1;
            while (at >= 0 && choices[at].Chosen + 1 >= choices[at].Count)
                at--;

            if (at < 0)
                return null;

            _schedule.Clear();
            _schedule.AddRange([.. choices.Take(at).Select(static c => c.Chosen), choices[at].Chosen + 1]);
        }

        return null;
    }

    private List<Violation> Broken(Interleaving run, IReadOnlyList<int> schedule, int preemptions)
    {
        _judge.Facts.Load(run.Case.Scenario, run.Play(schedule, preemptions), _choices);
        return [.. _judge.Judge(index: 0, withMetamorphic: false).Where(static v => v.KnownIssue is null)];
    }
}
