// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>
/// Runs tdx_enable() twice against hotplug in every order of their atomic steps, with up to a number of preemptions:
/// switches away from a thread that could go on. Fewer preemptions are explored first, so that what is found has the
/// fewest.
/// </summary>
/// <param name="locks">Which locks are taken.</param>
public sealed class RaceExplorer(RaceLocks locks)
{
    /// <summary>More atomic steps than all programs have together.</summary>
    private const int MaxSteps = 200;

    private readonly List<int> _schedule = [];

    /// <summary>Schedules that were run to their end.</summary>
    public long Schedules { get; private set; }

    /// <summary>Explores.</summary>
    /// <returns>The first schedule that breaks something, or null.</returns>
    public RaceFinding? Run(int preemptions, CancellationToken token)
    {
        for (var bound = 0; bound <= preemptions; bound++)
        {
            Schedules = 0;
            _schedule.Clear();
            if (Explore(bound, token) is { } finding)
                return finding;
        }

        return null;
    }

    /// <summary>Depth first: a schedule is a list of threads; behind it the first that can run goes on.</summary>
    private RaceFinding? Explore(int bound, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            var (finding, choices) = Play(bound);
            Schedules++;
            if (finding is not null)
                return finding;

            // The last choice that has an alternative left is the next to change.
            var at = choices.Count - 1;
            while (at >= 0 && choices[at].Chosen + 1 >= choices[at].Count)
                at--;

            if (at < 0)
                return null;

            var chosen = choices[at].Chosen + 1;
            _schedule.RemoveRange(at, _schedule.Count - at);
            _schedule.Add(chosen);
        }

        return null;
    }

    private (RaceFinding? Finding, List<(int Chosen, int Count)> Choices) Play(int bound)
    {
        var world = new RaceContext();
        RaceThread[] threads =
        [
            new(0, "tdx_enable()", RacePrograms.Enable(locks, isReversed: false)),
                new(1, "tdx_enable()", RacePrograms.Enable(locks, locks.IsMixed)),
                new(2, "hotplug", RacePrograms.Hotplug()),
        ];
        var choices = new List<(int Chosen, int Count)>();
        var log = new List<(int Thread, string Step)>();
        var current = -1;
        var left = bound;
        for (var steps = 0; steps < MaxSteps; steps++)
        {
            var ready = Ready(world, threads, current, left);
            if (ready.Count == 0)
                break;

            var chosen = choices.Count < _schedule.Count ? _schedule[choices.Count] : 0;
            if (choices.Count == _schedule.Count)
                _schedule.Add(0);

            choices.Add((chosen, ready.Count));
            var thread = ready[chosen];
            left -= current >= 0 && thread.Id != current && CanRun(world, threads[current]) ? 1 : 0;
            current = thread.Id;
            log.Add((thread.Id, thread.Step.Name));
            thread.Next += thread.Step.Run(world, thread);
        }

        var broken = RaceRules.FirstBroken(world, Array.TrueForAll(threads, static t => t.IsDone));
        return (broken is null
            ? null
            : new RaceFinding(broken, bound - left, [.. threads.Select(static t => t.Name)], log), choices);
    }

    /// <summary>Who may go on: the current thread first; the others only when it waits, is done, or a preemption is
    /// left.</summary>
    private static List<RaceThread> Ready(RaceContext world, RaceThread[] threads, int current, int left)
    {
        var ready = new List<RaceThread>();
        if (current >= 0 && CanRun(world, threads[current]))
        {
            ready.Add(threads[current]);
            if (left == 0)
                return ready;
        }

        ready.AddRange(threads.Where(t => t.Id != current && CanRun(world, t)));
        return ready;
    }

    private static bool CanRun(RaceContext world, RaceThread thread) =>
        !thread.IsDone && thread.Step.CanRun(world, thread);
}
