// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model.Cases;

namespace TdxVerify.Properties.Views;

/// <summary>One walk over the events of a case, so that invariants don't walk over all of them again.</summary>
internal sealed class EventIndex
{
    private const int Sites = (int)AllocationSite.Pamt + 1;

    private readonly List<int> _calls = [];
    private readonly List<int> _pamtMoves = [];
    private readonly List<int> _resets = [];
    private readonly int[] _allocated = new int[Sites];
    private readonly int[] _freed = new int[Sites];

    /// <summary>SEAMCALLs of all steps.</summary>
    public ReadOnlySpan<int> Calls => CollectionsMarshal.AsSpan(_calls);

    /// <summary>The first of them that belongs to the run step, and how many do.</summary>
    public ReadOnlySpan<int> RunCalls => CollectionsMarshal.AsSpan(_calls).Slice(_firstRunCall, _runCalls);

    /// <summary>Allocations and frees of PAMTs in the run step.</summary>
    public ReadOnlySpan<int> PamtMoves => CollectionsMarshal.AsSpan(_pamtMoves);

    /// <summary>Pages converted back in the run step.</summary>
    public ReadOnlySpan<int> Resets => CollectionsMarshal.AsSpan(_resets);

    /// <summary>An allocation of the run step returned NULL.</summary>
    public bool HasNull { get; private set; }

    /// <summary>Lines of the run step that tell a failure.</summary>
    public int FailureLines { get; private set; }

    /// <summary>Lines of the run step that tell success.</summary>
    public int SuccessLines { get; private set; }

    private int _firstRunCall;
    private int _runCalls;

    /// <summary>What the run step allocated at a site and did not free.</summary>
    public int Live(AllocationSite site) => _allocated[(int)site] - _freed[(int)site];

    /// <summary>Walks over a case.</summary>
    public void Load(CaseView view)
    {
        _calls.Clear();
        _pamtMoves.Clear();
        _resets.Clear();
        Array.Clear(_allocated);
        Array.Clear(_freed);
        HasNull = false;
        FailureLines = SuccessLines = _firstRunCall = _runCalls = 0;
        var events = view.Events;
        for (var i = 0; i < events.Length; i++)
        {
            var isRun = i >= view.RunFirst && i < view.RunEnd;
            if (events[i].Kind == TraceEventKind.Seamcall)
            {
                _firstRunCall += i < view.RunFirst ? 1 : 0;
                _runCalls += isRun ? 1 : 0;
                _calls.Add(i);
            }
            else if (isRun)
            {
                Count(events[i], i);
            }
        }
    }

    private void Count(in TraceEvent happened, int at)
    {
        switch (happened.Kind)
        {
            case TraceEventKind.Allocate:
                HasNull |= happened.B == 0;
                _allocated[happened.A] += happened.B == 0 ? 0 : 1;
                NotePamt(happened, at);
                break;
            case TraceEventKind.Free:
                _freed[happened.A]++;
                NotePamt(happened, at);
                break;
            case TraceEventKind.Reset:
                _resets.Add(at);
                break;
            case TraceEventKind.Log:
                FailureLines += happened.A == (ulong)KernelLine.ModuleFailed ? 1 : 0;
                SuccessLines += happened.A == (ulong)KernelLine.ModuleInitialized ? 1 : 0;
                break;
        }
    }

    private void NotePamt(in TraceEvent happened, int at)
    {
        if (happened.A == (ulong)AllocationSite.Pamt)
        {
            _pamtMoves.Add(at);
        }
    }
}
