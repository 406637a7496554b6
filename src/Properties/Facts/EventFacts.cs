// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Properties.Facts;

/// <summary>What the events of a case say, counted in one walk. "Enable" is the step in which tdx_enable()
/// ran.</summary>
public sealed class EventFacts
{
    private const int Sites = (int)AllocationSite.Other + 1;
    private const int Leaves = 64;

    private readonly List<int> _calls = [];
    private readonly List<int> _enableCalls = [];
    private readonly List<int> _pamtMoves = [];
    private readonly List<int> _pamtFrees = [];
    private readonly List<int> _resets = [];
    private readonly List<AddressRange> _chunks = [];
    private readonly int[] _allocated = new int[Sites];
    private readonly int[] _freed = new int[Sites];
    private readonly int[] _nulls = new int[Sites];
    private readonly List<byte> _siteOf = [];
    private ulong _failedLeaves;

    public ReadOnlySpan<int> Calls => CollectionsMarshal.AsSpan(_calls);
    public ReadOnlySpan<int> EnableCalls => CollectionsMarshal.AsSpan(_enableCalls);

    /// <summary>Allocations and frees of PAMTs in enable.</summary>
    public ReadOnlySpan<int> PamtMoves => CollectionsMarshal.AsSpan(_pamtMoves);

    public ReadOnlySpan<int> PamtFrees => CollectionsMarshal.AsSpan(_pamtFrees);

    /// <summary>PAMT chunks that were allocated in enable, in order.</summary>
    public ReadOnlySpan<AddressRange> Chunks => CollectionsMarshal.AsSpan(_chunks);

    public ReadOnlySpan<int> Resets => CollectionsMarshal.AsSpan(_resets);

    /// <summary>An allocation of enable returned NULL.</summary>
    public bool HasNull { get; private set; }

    /// <summary>A SEAMCALL of any step failed.</summary>
    public bool HasFailedCall { get; private set; }

    /// <summary>Lines of enable that tell a failure.</summary>
    public int FailureLines { get; private set; }

    /// <summary>Lines of enable that tell success.</summary>
    public int SuccessLines { get; private set; }

    /// <summary>What enable allocated at a site and did not free.</summary>
    public int Live(AllocationSite site) => _allocated[(int)site] - _freed[(int)site];

    /// <summary>True when an allocation of enable at a site returned NULL.</summary>
    public bool HasNullAt(AllocationSite site) => _nulls[(int)site] > 0;

    /// <summary>True when a SEAMCALL of a leaf failed, in any step.</summary>
    public bool HasFailed(ulong leaf) => leaf < Leaves && (_failedLeaves & (1UL << (int)leaf)) != 0;

    /// <summary>Index of the first TDH.SYS.CONFIG of enable that was not to be repeated, or was not repeated; -1:
    /// none.</summary>
    public int ConfigEvent { get; private set; }

    /// <summary>Index of the first free in enable of what was not allocated there, or is free already; -1:
    /// none.</summary>
    public int StrayFree { get; private set; }

    /// <summary>The module means a call to be repeated, and the other does: the same leaf and registers on the same
    /// LP.</summary>
    public static bool IsRepeatedBy(in TraceEvent call, in TraceEvent other) =>
        TdxStatus.IsTransient(call.Seamcall.Status) && other.IsCall(call.Seamcall.Leaf)
            && call.Seamcall.Lp == other.Seamcall.Lp
            && (call.Seamcall.Rcx, call.Seamcall.Rdx, call.Seamcall.R8)
                == (other.Seamcall.Rcx, other.Seamcall.Rdx, other.Seamcall.R8);

    /// <summary>Walks over the events; enable is what a task did in [first, end).</summary>
    internal void Load(ReadOnlySpan<TraceEvent> events, int first, int end, int task)
    {
        Clear();
        for (var i = 0; i < events.Length; i++)
        {
            ref readonly var e = ref events[i];
            var isEnable = i >= first && i < end && e.Task == task;
            if (e.Kind == TraceEventKind.Seamcall)
            {
                _calls.Add(i);
                if (isEnable)
                    _enableCalls.Add(i);

                if (isEnable && e.IsCall(SeamcallLeaf.SysConfig) && e.Seamcall.Status != TdxStatus.RndNoEntropy
                    && (ConfigEvent < 0 || TdxStatus.IsTransient(events[ConfigEvent].Seamcall.Status)))
                {
                    ConfigEvent = i;
                }

                NoteStatus(e);
            }
            else if (isEnable)
            {
                Count(e, i);
            }
        }
    }

    private void Clear()
    {
        _calls.Clear();
        _enableCalls.Clear();
        _pamtMoves.Clear();
        _pamtFrees.Clear();
        _resets.Clear();
        _chunks.Clear();
        Array.Clear(_allocated);
        Array.Clear(_freed);
        Array.Clear(_nulls);
        HasNull = HasFailedCall = false;
        FailureLines = SuccessLines = 0;
        _failedLeaves = 0;
        _siteOf.Clear();
        ConfigEvent = StrayFree = -1;
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
                NoteFree(e, at);
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

    /// <summary>Ordinals count allocations from 1, so that a list has room for each.</summary>
    private void NoteAllocation(AllocationSite site, int ordinal)
    {
        while (_siteOf.Count <= ordinal)
            _siteOf.Add(0);

        _siteOf[ordinal] = (byte)(site + 1);
    }

    private void NoteFree(in TraceEvent e, int at)
    {
        var ordinal = (int)Math.Min(e.Allocation.Ordinal, int.MaxValue);
        var isLive = ordinal < _siteOf.Count && _siteOf[ordinal] == (int)e.Allocation.Site + 1;
        if (isLive)
            _siteOf[ordinal] = 0;
        else if (StrayFree < 0)
            StrayFree = at;
    }

    private void CountAllocation(in TraceEvent e, int at)
    {
        var isNull = e.Allocation.IsNull;
        var site = (int)e.Allocation.Site;
        HasNull |= isNull;
        _nulls[site] += isNull ? 1 : 0;
        _allocated[site] += isNull ? 0 : 1;
        if (!isNull)
            NoteAllocation(e.Allocation.Site, (int)e.Allocation.Ordinal);

        if (e.Allocation.Site == AllocationSite.Pamt)
        {
            _pamtMoves.Add(at);
            if (!isNull)
                _chunks.Add(e.Allocation.Range);
        }
    }
}
