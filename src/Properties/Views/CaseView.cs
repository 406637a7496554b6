// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;

namespace TdxVerify.Properties.Views;

/// <summary>A case as invariants look at it: the scenario, the trace, and where in it tdx_enable() ran. Its memory is used again.</summary>
public sealed class CaseView
{
    private readonly ExpectedMemory _truth = new();
    private readonly EventIndex _index = new();
    private bool _hasExpected;
    private bool _hasTruth;
    private bool _isTruthKnown;

    /// <summary>A view of nothing yet.</summary>
    public CaseView()
    {
        Pages = new PageView(this);
        Looks = new FastChecks(this);
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; private set; } = new();

    /// <summary>What the subject did.</summary>
    public Trace Trace { get; private set; } = new();

    /// <summary>What the subject decided as the merged code does: to that, AS-MERGED invariants apply.</summary>
    public MergedChoices Choices { get; private set; }

    /// <summary>Number of the step in which tdx_enable() first got past its lock; -1: never, or it never came back.</summary>
    public int RunStep { get; private set; }

    /// <summary>Result of that step.</summary>
    public int Result { get; private set; }

    /// <summary>Index of the first event of that step.</summary>
    public int RunFirst { get; private set; }

    /// <summary>Index after its last event.</summary>
    public int RunEnd { get; private set; }

    /// <summary>Index of the first TDH.SYS.CONFIG of that step that was not repeated; -1: none.</summary>
    public int ConfigEvent { get; private set; }

    /// <summary>True when tdx_enable() ran and came back.</summary>
    public bool HasRun => RunStep >= 0;

    /// <summary>True when it came back with 0.</summary>
    public bool Succeeded => HasRun && Result == 0;

    /// <summary>True when TDH.SYS.CONFIG was called.</summary>
    public bool HasConfig => ConfigEvent >= 0;

    /// <summary>True when TDH.SYS.CONFIG was accepted.</summary>
    public bool IsConfigured => HasConfig && Events[ConfigEvent].Seamcall.Status == TdxStatus.Success;

    /// <summary>All events.</summary>
    public ReadOnlySpan<TraceEvent> Events => Trace.EventSpan;

    /// <summary>The events of the step in which tdx_enable() ran.</summary>
    public ReadOnlySpan<TraceEvent> RunEvents => Events[RunFirst..RunEnd];

    /// <summary>The state before that step.</summary>
    public Snapshot Before => Trace.SnapshotAfter(RunStep);

    /// <summary>The state after that step.</summary>
    public Snapshot After => Trace.SnapshotAfter(RunStep + 1);

    /// <summary>TDMRs that TDH.SYS.CONFIG was given.</summary>
    public ReadOnlySpan<TdmrView> Tdmrs => Trace.Configured.Tdmrs;

    /// <summary>True when those are the TDMRs that the memory asks for; false proves nothing.</summary>
    public bool HasExpectedTdmrs => HasConfig && Looks.HasExpectedTdmrs;

    /// <summary>The sets of pages of that step.</summary>
    public PageView Pages { get; }

    /// <summary>PAMT chunks that were allocated in that step, in order.</summary>
    public ReadOnlySpan<AddressRange> Chunks => _index.Chunks;

    /// <summary>The TDMRs that the memory asks for, by a count of its own.</summary>
    public TdmrDemand Expected
    {
        get
        {
            if (!_hasExpected)
            {
                _hasExpected = true;
                ExpectedTdmrs.Load(this);
            }

            return ExpectedTdmrs;
        }
    }

    private TdmrDemand ExpectedTdmrs { get; } = new();

    /// <summary>The CPUs or the module lack a feature that newer kernels ask for.</summary>
    public bool LacksFeature => Scenario.Choices.Missing != MissingFeatures.None
        || (Scenario.Machine.Features0 is { } features && (features & MetadataField.FeatureNoRbpMod) == 0);

    /// <summary>What the memory must be after boot and every addition; null where the lines don't tell it.</summary>
    internal ExpectedMemory? Truth
    {
        get
        {
            if (!_hasTruth)
            {
                _hasTruth = true;
                _isTruthKnown = _truth.TryLoad(this);
            }

            return _isTruthKnown ? _truth : null;
        }
    }

    /// <summary>What happened in the run step, and the SEAMCALLs of all steps, counted once.</summary>
    internal EventIndex Index => _index;

    /// <summary>Looks that settle several invariants at once.</summary>
    internal FastChecks Looks { get; }

    /// <summary>Looks at another case.</summary>
    public void Load(Scenario scenario, Trace trace, MergedChoices choices)
    {
        Scenario = scenario;
        Trace = trace;
        Choices = choices;
        _hasExpected = _hasTruth = false;
        Pages.Clear();
        Looks.Clear();
        FindRun();
        _index.Load(this);
        FindConfig();
    }

    /// <summary>True when an allocation of the run step at a site returned NULL.</summary>
    public bool HasNullAt(AllocationSite site) => _index.HasNullAt(site);

    /// <summary>True when a SEAMCALL of a leaf failed, in any step.</summary>
    public bool HasFailed(ulong leaf) => _index.HasFailed(leaf);

    /// <summary>True when the subject shows all of it.</summary>
    public bool Sees(Observes what) => (Trace.Observes & what) == what;

    /// <summary>The first time that the run step prints a line, or -1.</summary>
    public int FindInRun(KernelLine line)
    {
        var events = RunEvents;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].IsLog(line))
            {
                return i + RunFirst;
            }
        }

        return -1;
    }

    private void FindRun()
    {
        RunStep = ConfigEvent = -1;
        RunFirst = RunEnd = Result = 0;
        var steps = Trace.Steps;
        var events = Events;
        for (var i = 0; i < steps.Length && RunStep < 0; i++)
        {
            if (steps[i].Step.Kind != StepKind.EnableTdx)
            {
                continue;
            }

            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                if (IsStart(events[at]))
                {
                    RunStep = i;
                    Result = steps[i].Result;
                    RunFirst = steps[i].FirstEvent;
                    RunEnd = steps[i].EndEvent;
                    break;
                }
            }
        }
    }

    /// <summary>tdx_module_lock is taken; where tdx_enable() is an initcall and has no such lock, the module is read.</summary>
    private static bool IsStart(in TraceEvent e) =>
        e.IsLock(HostLock.TdxModule)
        || e.IsCall(SeamcallLeaf.SysRd);

    private void FindConfig()
    {
        var events = Events;
        foreach (var call in _index.RunCalls)
        {
            if (events[call].Seamcall.Leaf == SeamcallLeaf.SysConfig && events[call].Seamcall.Status != TdxStatus.RndNoEntropy)
            {
                ConfigEvent = call;
                return;
            }
        }
    }
}
