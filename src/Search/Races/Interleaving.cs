// SPDX-License-Identifier: MIT

using TdxVerify.Subjects;

namespace TdxVerify.Search.Races;

/// <summary>
/// Runs the tasks of a case on one host, in a given order. Each has a thread, of which exactly one runs; it may hand
/// over to another in front of a lock and behind a call of the environment, and between two of these it runs as one
/// piece. From the release of mem_hotplug_lock to the end of its step a task goes on, and nobody could see what it
/// does there: so steps end in the order in which they took effect, and the states between them are what properties
/// compare.
/// </summary>
internal sealed class Interleaving : IScheduler, IDisposable
{
    private static readonly Party Nobody = new(0, [], false) { IsDone = true };
    private readonly SubjectDriver _driver;
    private readonly HostEnvironment _environment;
    private readonly LockTable _locks;
    private readonly Party[] _parties;
    private readonly List<Party> _ready = [];
    private readonly List<(int Chosen, int Count)> _choices = [];
    private readonly SemaphoreSlim _isBack = new(0);
    private IReadOnlyList<int> _schedule = [];
    private Party _current = Nobody;
    private Exception? _failure;
    private bool _isEnding;
    private bool _isDisposed;

    /// <summary>Tasks that wait until they are played.</summary>
    public Interleaving(IHost host, HostEnvironment environment, RaceCase race, RaceLocks locks)
    {
        (_driver, _environment, Case) = (new SubjectDriver(host), environment, race);
        _locks = new LockTable(locks);
        _parties = [.. race.Tasks.Select((task, i) => new Party(i + 1, task.Steps, locks.IsMixed && i == 1))];
        foreach (var party in _parties)
        {
            party.Thread = new Thread(() => Live(party)) { IsBackground = true };
            party.Thread.Start();
        }
    }

    public RaceCase Case { get; }

    /// <summary>Of the last run: which of those that could go on was chosen, wherever there were several.</summary>
    public IReadOnlyList<(int Chosen, int Count)> Choices => _choices;

    public int Left { get; private set; }

    /// <summary>Of the last run: who waited for what when nobody could go on any more.</summary>
    public List<(int Task, HostLock Lock)> Waiting { get; } = [];

    /// <summary>Boots and runs everything to its end, or until nobody can go on.</summary>
    /// <param name="schedule">What is chosen; behind its end the first that can go on.</param>
    /// <param name="preemptions">How often a task may be stopped that could go on.</param>
    public Trace Play(IReadOnlyList<int> schedule, int preemptions)
    {
        (_schedule, Left, _isEnding) = (schedule, preemptions, false);
        _choices.Clear();
        _locks.Clear();
        Waiting.Clear();
        var isAlive = _driver.Boot(Case.Scenario);
        for (var i = 0; i < Case.Before.Count && isAlive; i++)
            isAlive = _driver.Take(Case.Before[i]);

        _environment.Scheduler = this;
        _current = Nobody;
        foreach (var party in _parties)
            party.IsDone = false;

        if (Next() is { } first)
        {
            Hand(first);
            _isBack.Wait();
        }

        _environment.Scheduler = null;
        return _failure is null ? _environment.Trace : throw new InvalidOperationException(_failure.Message, _failure);
    }

    public bool Lock(HostLock which)
    {
        // Interrupts are off under sysinit_lock, and nobody writes the other.
        if (which is HostLock.Sysinit or HostLock.CpusRead)
            return true;

        if (_current.IsReversed && which == HostLock.MemHotplugRead)
            return false;

        if (_current.IsReversed && which == HostLock.TdxModule)
        {
            Take(HostLock.MemHotplugRead);
            _environment.Trace.Append(TraceEvent.OfLock(HostLock.MemHotplugRead));
        }

        Take(which);
        return true;
    }

    public bool Unlock(HostLock which)
    {
        if (_current.IsReversed && which == HostLock.MemHotplugRead)
            return false;

        _locks.Release(which);
        if (_current.IsReversed && which == HostLock.TdxModule)
        {
            _environment.Trace.Append(TraceEvent.OfUnlock(which));
            _locks.Release(HostLock.MemHotplugRead);
            _environment.Trace.Append(TraceEvent.OfUnlock(HostLock.MemHotplugRead));
            _current.IsOver = true;
            return false;
        }

        _current.IsOver |= which is HostLock.MemHotplugRead or HostLock.MemHotplugWrite;
        return true;
    }

    public void Pass(in TraceEvent e)
    {
        if (!_current.IsOver && MayStopBehind(e))
            Yield();
    }

    /// <summary>
    /// Not inside tdx_cpu_enable(), where interrupts are off; who only reads or prints meets nobody.
    /// </summary>
    internal static bool MayStopBehind(in TraceEvent e) => e.Kind switch
    {
        TraceEventKind.Allocate or TraceEventKind.Free or TraceEventKind.Flush or TraceEventKind.Notify => true,
        TraceEventKind.Seamcall =>
            e.Seamcall.Leaf is not (SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit or SeamcallLeaf.SysRd),
        _ => false,
    };

    public void Dispose()
    {
        _isDisposed = true;
        foreach (var party in _parties)
        {
            party.Turn.Release();
            party.Thread!.Join();
            party.Turn.Dispose();
        }

        _isBack.Dispose();
    }

    private void Live(Party me)
    {
        while (true)
        {
            me.Turn.Wait();
            if (_isDisposed)
                return;

            try
            {
                _driver.Host.Enter();
                for (var i = 0; i < me.Steps.Count && !_environment.Trace.HasEnded; i++)
                {
                    me.IsOver = false;
                    _driver.Take(me.Steps[i]);
                }
            }
#pragma warning disable CA1031 // Raised again where the run is waited for.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure ??= failure;
                _isEnding = true;
            }

            me.IsDone = true;
            if (Next() is { } next)
                Hand(next);
            else
                _isBack.Release();
        }
    }

    private void Take(HostLock which)
    {
        var me = _current;
        me.Wanted = which;
        if (!me.IsOver)
            Yield();

        while (!_isEnding && !_locks.TryTake(which, me.Id))
            Yield();

        me.Wanted = null;
    }

    /// <summary>Goes on when it is chosen again, or when the run is over.</summary>
    private void Yield()
    {
        var me = _current;
        if (Next() is { } next && next != me)
        {
            Hand(next);
            me.Turn.Wait();
        }
    }

    private void Hand(Party next)
    {
        _current = next;
        _environment.Trace.Task = next.Id;
        next.Turn.Release();
    }

    /// <summary>
    /// Who goes on; null: all are done. When nobody can, or the trace has ended, each goes to its end, unrecorded and
    /// unhindered.
    /// </summary>
    private Party? Next()
    {
        _isEnding |= _environment.Trace.HasEnded;
        FindReady();
        if (_ready.Count == 0 && !_isEnding && Array.Exists(_parties, static p => !p.IsDone))
        {
            Waiting.AddRange(_parties.Where(static p => !p.IsDone).Select(static p => (p.Id, p.Wanted!.Value)));
            _environment.Trace.Append(TraceEvent.OfCrash(CrashKind.Deadlock));
            _isEnding = true;
        }

        if (_isEnding)
            return !_current.IsDone ? _current : Array.Find(_parties, static p => !p.IsDone);

        if (_ready.Count < 2)
            return _ready.Count == 0 ? null : _ready[0];

        var chosen = _choices.Count < _schedule.Count ? _schedule[_choices.Count] : 0;
        _choices.Add((chosen, _ready.Count));
        Left -= _ready[0] == _current && chosen > 0 ? 1 : 0;
        return _ready[chosen];
    }

    /// <summary>The current task first; the others only when it can't go on, or a preemption is left.</summary>
    private void FindReady()
    {
        _ready.Clear();
        if (CanGoOn(_current))
            _ready.Add(_current);

        for (var i = 0; i < _parties.Length && (_ready.Count == 0 || _ready[0] != _current || Left > 0); i++)
        {
            if (_parties[i] != _current && CanGoOn(_parties[i]))
                _ready.Add(_parties[i]);
        }
    }

    private bool CanGoOn(Party party) =>
        !party.IsDone && (party.Wanted is not { } which || _locks.CanTry(which, party.Id));

    /// <summary>A task and its thread.</summary>
    /// <param name="id">Its number, from 1.</param>
    /// <param name="isReversed">It takes mem_hotplug_lock around tdx_module_lock.</param>
    private sealed class Party(int id, IReadOnlyList<Step> steps, bool isReversed)
    {
        public int Id => id;

        public IReadOnlyList<Step> Steps => steps;

        public bool IsReversed => isReversed;

        public Thread? Thread { get; set; }

        public SemaphoreSlim Turn { get; } = new(0);

        public HostLock? Wanted { get; set; }

        /// <summary>Its step has released mem_hotplug_lock and took effect.</summary>
        public bool IsOver { get; set; }

        public bool IsDone { get; set; }
    }
}
