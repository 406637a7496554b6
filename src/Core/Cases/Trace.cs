// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

using TdxVerify.Core.KernelLog;

namespace TdxVerify.Core.Cases;

/// <summary>What a subject did: the result and the state of every step, events in order up to a bound, and counts that
/// have none.</summary>
public sealed class Trace
{
    /// <summary>Events kept; later ones are counted and dropped.</summary>
    public const int MaxEvents = 1 << 16;
    /// <summary>Tasks whose steps may overlap, and 0 for what comes before them.</summary>
    public const int MaxTasks = 8;

    private const ulong Leaves = 128;

    private readonly int[] _seamcalls = new int[2 * Leaves];
    private readonly int[] _log = new int[3];
    private readonly List<StepRecord> _steps = [];
    private readonly List<Snapshot> _snapshots = [new()];
    private readonly List<int> _snapshotAfter = [];
    private readonly List<Step> _skipped = [];
    private TraceEvent[] _events = new TraceEvent[128];
    private int _count;

    /// <summary>The first <see cref="MaxEvents"/> events.</summary>
    public IReadOnlyList<TraceEvent> Events => new ArraySegment<TraceEvent>(_events, 0, _count);

    /// <summary>The same events as a span.</summary>
    public ReadOnlySpan<TraceEvent> EventSpan => _events.AsSpan(0, _count);

    /// <summary>The steps that were taken, in order; boot and tdx_init() come before the first one.</summary>
    public ReadOnlySpan<StepRecord> Steps => CollectionsMarshal.AsSpan(_steps);

    public bool HasState => _snapshotAfter.Count > 0;

    /// <summary>Index after the last event of boot and tdx_init().</summary>
    public int BootEvents { get; private set; }

    /// <summary>The table that the last TDH.SYS.CONFIG was given, as the module could read it.</summary>
    public TdmrTable Configured { get; } = new();

    /// <summary>Who runs: what happens next is its doing.</summary>
    public int Task { get; set; }

    public Observes Observes { get; set; } = Observes.All;

    /// <summary>The subject would have gone on for ever.</summary>
    public bool IsEndless { get; private set; }

    /// <summary>Kernel code did not come back from a step, or from boot.</summary>
    public bool HasCrashed { get; private set; }

    /// <summary>What nobody here knows, a rule of the module's version or a function that kernel code called: the last
    /// steps are missing.</summary>
    public string? Unknown { get; set; }

    /// <summary>The run went no further: it crashed, it would have gone on for ever, or a rule of the module is
    /// unknown.</summary>
    public bool HasEnded => HasCrashed || IsEndless || Unknown is not null;

    /// <summary>Steps that the subject can't take, which is no step to anybody who judges.</summary>
    public IReadOnlyList<Step> Skipped => _skipped;

    public long Dropped { get; private set; }

    /// <summary>kmalloc() calls of tdx.c, failed ones too.</summary>
    public int Kmallocs { get; private set; }

    /// <summary>SEAMCALLs of all leaves, retries too.</summary>
    public int Seamcalls { get; private set; }

    public int Flushes { get; private set; }

    /// <summary>Bytes reset with MOVDIR64B.</summary>
    public ulong ResetBytes { get; private set; }

    public int Warnings { get; private set; }

    /// <summary>What kernel code must not do, and did.</summary>
    public int Misuses { get; private set; }

    /// <summary>Frees of what was not allocated.</summary>
    public int BadFrees { get; private set; }

    public int ReadsAfterFree { get; private set; }

    public int SeamcallsOf(ulong leaf) =>
        leaf < Leaves || leaf >> 63 != 0 ? _seamcalls[IndexOf(leaf)] : 0;
    public int LogLines(LogLevel level) => _log[(int)level];

    /// <summary>The state after boot (0) or after step number - 1.</summary>
    public Snapshot SnapshotAfter(int step) => _snapshots[_snapshotAfter[step]];

    /// <summary>Ends boot: what happens next belongs to the first step.</summary>
    /// <returns>Where the state goes.</returns>
    public Snapshot EndBoot()
    {
        BootEvents = _count;
        return NextSnapshot();
    }

    /// <summary>Ends a step.</summary>
    /// <returns>Where the state goes.</returns>
    public Snapshot EndStep(Step step, int result)
    {
        Note(step, result);
        return NextSnapshot();
    }

    /// <summary>Ends a step that only looked: the state after it is the one before it.</summary>
    public void EndStepWithoutChange(Step step, int result)
    {
        Note(step, result);
        _snapshotAfter.Add(_snapshotAfter[^1]);
    }

    /// <summary>The state after the last step could not be read: nobody judges it. It counts as the one before; after
    /// boot there is none.</summary>
    public void ForgetState()
    {
        if (_snapshotAfter.Count == 1)
            _snapshotAfter.Clear();
        else
            _snapshotAfter[^1] = _snapshotAfter[^2];
    }

    /// <summary>Notes a step that the subject can't take.</summary>
    public void Skip(in Step step) => _skipped.Add(step);

    /// <summary>Result of the first step of a kind, or null.</summary>
    public int? ResultOf(StepKind kind)
    {
        foreach (var step in Steps)
        {
            if (step.Step.Kind == kind)
                return step.Result;
        }

        return null;
    }

    public void Clear()
    {
        _steps.Clear();
        _skipped.Clear();
        Unknown = null;
        _snapshotAfter.Clear();
        BootEvents = Task = 0;
        Configured.Clear();
        IsEndless = HasCrashed = false;
        _count = 0;
        Array.Clear(_seamcalls);
        Array.Clear(_log);
        Dropped = 0;
        Kmallocs = Seamcalls = Flushes = Warnings = Misuses = BadFrees = ReadsAfterFree = 0;
        ResetBytes = 0;
    }

    /// <summary>Appends an event and counts it.</summary>
    public void Append(in TraceEvent e)
    {
        if (IsEndless || HasCrashed)
            return;

        IsEndless = e.Kind == TraceEventKind.Endless;
        HasCrashed = e.Kind == TraceEventKind.Crashed;
        Count(e);
        if (_count == MaxEvents)
        {
            Dropped++;
            return;
        }

        if (_count == _events.Length)
            Array.Resize(ref _events, 2 * _count);

        _events[_count++] = Task == 0 ? e : e.By(Task);
    }

    /// <summary>Leaves of the module first, those of P-SEAMLDR (bit 63) behind them.</summary>
    private static int IndexOf(ulong leaf) => (int)((leaf % Leaves) + (leaf >> 63 != 0 ? Leaves : 0));

    private void Note(in Step step, int result)
    {
        var last = _steps.Count - 1;
        while (last >= 0 && _steps[last].Task != Task)
            last--;

        _steps.Add(new StepRecord(step, result, last < 0 ? BootEvents : _steps[last].EndEvent, _count, Task));
    }

    private Snapshot NextSnapshot()
    {
        var next = _snapshotAfter.Count == 0 ? 0 : _snapshotAfter[^1] + 1;
        if (_snapshots.Count == next)
            _snapshots.Add(new Snapshot());

        _snapshotAfter.Add(next);
        var snapshot = _snapshots[next];
        snapshot.Clear();
        return snapshot;
    }

    private void Count(in TraceEvent e)
    {
        switch (e.Kind)
        {
            case TraceEventKind.Allocate when e.Allocation.Site <= AllocationSite.PackageMask:
                Kmallocs++;
                break;
            case TraceEventKind.Seamcall:
                Seamcalls++;
                _seamcalls[IndexOf(e.Seamcall.Leaf)]++;
                break;
            case TraceEventKind.Flush:
                Flushes++;
                break;
            case TraceEventKind.Reset:
                ResetBytes += e.B;
                break;
            case TraceEventKind.Warn:
                Warnings++;
                break;
            case TraceEventKind.Misused:
                Misuses++;
                break;
            case TraceEventKind.BadFree:
                BadFrees++;
                break;
            case TraceEventKind.ReadAfterFree:
                ReadsAfterFree++;
                break;
            case TraceEventKind.Log:
                _log[(int)e.Log.Line.Level(e.Log.First)]++;
                break;
        }
    }
}
