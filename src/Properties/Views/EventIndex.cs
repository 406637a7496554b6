// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;

namespace TdxVerify.Properties.Views;

/// <summary>One walk over the events of a case, so that invariants don't walk over all of them again.</summary>
internal sealed class EventIndex
{
    private const int Sites = (int)AllocationSite.Pamt + 1;
    private const int Leaves = 64;

    private readonly List<int> _calls = [];
    private readonly List<int> _pamtMoves = [];
    private readonly List<int> _pamtFrees = [];
    private readonly List<int> _resets = [];
    private readonly List<AddressRange> _chunks = [];
    private readonly int[] _allocated = new int[Sites];
    private readonly int[] _freed = new int[Sites];
    private readonly int[] _nulls = new int[Sites];
    private int _firstRunCall;
    private int _runCalls;
    private ulong _failedLeaves;

    /// <summary>SEAMCALLs of all steps.</summary>
    public ReadOnlySpan<int> Calls => CollectionsMarshal.AsSpan(_calls);

    /// <summary>Those of the run step.</summary>
    public ReadOnlySpan<int> RunCalls => CollectionsMarshal.AsSpan(_calls).Slice(_firstRunCall, _runCalls);

    /// <summary>Allocations and frees of PAMTs in the run step.</summary>
    public ReadOnlySpan<int> PamtMoves => CollectionsMarshal.AsSpan(_pamtMoves);

    /// <summary>Frees of PAMTs in the run step.</summary>
    public ReadOnlySpan<int> PamtFrees => CollectionsMarshal.AsSpan(_pamtFrees);

    /// <summary>PAMT chunks that were allocated in the run step, in order.</summary>
    public ReadOnlySpan<AddressRange> Chunks => CollectionsMarshal.AsSpan(_chunks);

    /// <summary>Pages converted back in the run step.</summary>
    public ReadOnlySpan<int> Resets => CollectionsMarshal.AsSpan(_resets);

    /// <summary>An allocation of the run step returned NULL.</summary>
    public bool HasNull { get; private set; }

    /// <summary>A SEAMCALL of any step failed.</summary>
    public bool HasFailedCall { get; private set; }

    /// <summary>Lines of the run step that tell a failure.</summary>
    public int FailureLines { get; private set; }

    /// <summary>Lines of the run step that tell success.</summary>
    public int SuccessLines { get; private set; }

    /// <summary>What the run step allocated at a site and did not free.</summary>
    public int Live(AllocationSite site) => _allocated[(int)site] - _freed[(int)site];

    /// <summary>True when an allocation of the run step at a site returned NULL.</summary>
    public bool HasNullAt(AllocationSite site) => _nulls[(int)site] > 0;

    /// <summary>True when a SEAMCALL of a leaf failed, in any step.</summary>
    public bool HasFailed(ulong leaf) => leaf < Leaves && (_failedLeaves & (1UL << (int)leaf)) != 0;

    /// <summary>Walks over a case.</summary>
    public void Load(CaseView view)
    {
        Clear();
        var events = view.Events;
        var (first, end) = (view.RunFirst, view.RunEnd);
        for (var i = 0; i < events.Length; i++)
        {
            ref readonly var e = ref events[i];
            if (e.Kind == TraceEventKind.Seamcall)
            {
                _firstRunCall += i < first ? 1 : 0;
                _runCalls += i >= first && i < end ? 1 : 0;
                _calls.Add(i);
                NoteStatus(e);
            }
            else if (i >= first && i < end)
            {
                Count(e, i);
            }
        }
    }

    private void Clear()
    {
        _calls.Clear();
        _pamtMoves.Clear();
        _pamtFrees.Clear();
        _resets.Clear();
        _chunks.Clear();
        Array.Clear(_allocated);
        Array.Clear(_freed);
        Array.Clear(_nulls);
        HasNull = HasFailedCall = false;
        FailureLines = SuccessLines = _firstRunCall = _runCalls = 0;
        _failedLeaves = 0;
    }

    private void NoteStatus(in TraceEvent call)
    {
        if (call.Seamcall.Status != TdxStatus.Success)
        {
            HasFailedCall = true;
            _failedLeaves |= call.Seamcall.Leaf < Leaves ? 1UL << (int)call.Seamcall.Leaf : 0;
        }
    }

    private void Count(in TraceEvent e, int at)
    {
        switch (e.Kind)
        {
            case TraceEventKind.Allocate:
                CountAllocation(e, at);
                break;
            case TraceEventKind.Free:
                _freed[(int)e.Allocation.Site]++;
                if (e.Allocation.Site == AllocationSite.Pamt)
                {
                    _pamtMoves.Add(at);
                    _pamtFrees.Add(at);
                }

                break;
            case TraceEventKind.Reset:
                _resets.Add(at);
                break;
            case TraceEventKind.Log:
                FailureLines += e.Log.Line == KernelLine.ModuleFailed ? 1 : 0;
                SuccessLines += e.Log.Line == KernelLine.ModuleInitialized ? 1 : 0;
                break;
        }
    }

    private void CountAllocation(in TraceEvent e, int at)
    {
        var isNull = e.Allocation.IsNull;
        var site = (int)e.Allocation.Site;
        HasNull |= isNull;
        _nulls[site] += isNull ? 1 : 0;
        _allocated[site] += isNull ? 0 : 1;
        if (e.Allocation.Site == AllocationSite.Pamt)
        {
            _pamtMoves.Add(at);
            if (!isNull)
            {
                _chunks.Add(e.Allocation.Range);
            }
        }
    }
}
