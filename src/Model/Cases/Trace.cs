// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Cases;

/// <summary>What a subject did: events in order, up to a bound, and counts that have none.</summary>
public sealed class Trace
{
    /// <summary>Events kept; later ones are counted and dropped.</summary>
    public const int MaxEvents = 1 << 16;

    private readonly int[] _seamcalls = new int[256];
    private readonly int[] _log = new int[3];
    private readonly List<TraceEvent> _events = [];

    /// <summary>The first <see cref="MaxEvents"/> events.</summary>
    public IReadOnlyList<TraceEvent> Events => _events;

    /// <summary>Events that were dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>kmalloc() calls of tdx.c, failed ones too.</summary>
    public int Kmallocs { get; private set; }

    /// <summary>SEAMCALLs of all leaves, retries too.</summary>
    public int Seamcalls { get; private set; }

    /// <summary>WBINVDs on all CPUs.</summary>
    public int Flushes { get; private set; }

    /// <summary>Bytes reset with MOVDIR64B.</summary>
    public ulong ResetBytes { get; private set; }

    /// <summary>WARNs.</summary>
    public int Warnings { get; private set; }

    /// <summary>Frees of what was not allocated.</summary>
    public int BadFrees { get; private set; }

    /// <summary>Reads of freed memory.</summary>
    public int ReadsAfterFree { get; private set; }

    /// <summary>SEAMCALLs of one leaf.</summary>
    public int SeamcallsOf(ulong leaf) => leaf < (ulong)_seamcalls.Length ? _seamcalls[leaf] : 0;

    /// <summary>Log lines of a level.</summary>
    public int LogLines(LogLevel level) => _log[(int)level];

    /// <summary>Back to empty.</summary>
    public void Clear()
    {
        _events.Clear();
        Array.Clear(_seamcalls);
        Array.Clear(_log);
        Dropped = 0;
        Kmallocs = Seamcalls = Flushes = Warnings = BadFrees = ReadsAfterFree = 0;
        ResetBytes = 0;
    }

    /// <summary>Appends an event and counts it.</summary>
    public void Append(in TraceEvent happened)
    {
        Count(happened);
        if (_events.Count < MaxEvents)
        {
            _events.Add(happened);
        }
        else
        {
            Dropped++;
        }
    }

    private void Count(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case TraceEventKind.Allocate when (AllocationSite)happened.A <= AllocationSite.PackageMask:
                Kmallocs++;
                break;
            case TraceEventKind.Seamcall:
                Seamcalls++;
                _seamcalls[happened.A & 0xff]++;
                break;
            case TraceEventKind.Flush:
                Flushes++;
                break;
            case TraceEventKind.Reset:
                ResetBytes += happened.B;
                break;
            case TraceEventKind.Warn:
                Warnings++;
                break;
            case TraceEventKind.BadFree:
                BadFrees++;
                break;
            case TraceEventKind.ReadAfterFree:
                ReadsAfterFree++;
                break;
            case TraceEventKind.Log:
                _log[(int)((KernelLine)happened.A).Level()]++;
                break;
        }
    }
}
