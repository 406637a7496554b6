// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Facts;

/// <summary>
/// What properties speak about, made of a scenario and its trace in one pass, in memory that is used again. Its parts
/// are made one after another, each of the trace and of those before it; none looks back.
/// </summary>
public sealed class CaseFacts
{
    private readonly ExpectedMemory _expectedMemory = new();
    private bool _isMemoryKnown;
    private int _enableTask;

    public Scenario Scenario { get; private set; } = new();
    public Trace Trace { get; private set; } = new();

    /// <summary>What the subject decided as the merged code does: to that, AS-MERGED invariants apply.</summary>
    public MergedChoices Choices { get; private set; }

    /// <summary>Number of the step in which tdx_enable() first got past its lock; -1: never, or it never
    /// returned.</summary>
    public int EnableStep { get; private set; }

    public int Result { get; private set; }

    /// <summary>Index of the first event of that step.</summary>
    public int EnableFirst { get; private set; }

    public int EnableEnd { get; private set; }

    /// <summary>True for what that step did itself, of the events in its range.</summary>
    public bool IsOfEnable(in TraceEvent e) => e.Task == _enableTask;

    /// <summary>True when tdx_enable() ran and returned.</summary>
    public bool EnableRan => EnableStep >= 0;

    public bool Succeeded => EnableRan && Result == 0;

    /// <summary>Index of the first TDH.SYS.CONFIG of that step that was not to be repeated, or was not repeated; -1:
    /// none.</summary>
    public int ConfigEvent => EventFacts.ConfigEvent;

    /// <summary>True when TDH.SYS.CONFIG was called.</summary>
    public bool HasConfig => ConfigEvent >= 0;

    /// <summary>True when TDH.SYS.CONFIG was accepted.</summary>
    public bool IsConfigured => HasConfig && Events[ConfigEvent].Seamcall.Succeeded;

    public ReadOnlySpan<TraceEvent> Events => Trace.EventSpan;
    public Snapshot Before => Trace.SnapshotAfter(EnableStep);
    public Snapshot After => Trace.SnapshotAfter(EnableStep + 1);

    /// <summary>TDMRs that TDH.SYS.CONFIG was given.</summary>
    public ReadOnlySpan<TdmrView> Tdmrs => Trace.Configured.Tdmrs;

    /// <summary>PAMT chunks that were allocated in that step, in order.</summary>
    public ReadOnlySpan<AddressRange> Chunks => EventFacts.Chunks;

    public EventFacts EventFacts { get; } = new();

    /// <summary>What becomes of the module while the kernel runs.</summary>
    public LifeFacts Life { get; } = new();

    /// <summary>The sets of pages of that step.</summary>
    public PageSets Pages { get; } = new();

    /// <summary>The TDMRs that the memory asks for, by a count of its own.</summary>
    public TdmrDemand Demand { get; } = new();

    /// <summary>What the memory must be after boot and every addition; null where the lines don't tell it.</summary>
    public ExpectedMemory? ExpectedMemory => _isMemoryKnown ? _expectedMemory : null;

    /// <summary>True when TDH.SYS.CONFIG was given the TDMRs that ascending, disjoint memory asks for; false proves
    /// nothing.</summary>
    public bool HasDemandedTdmrs { get; private set; }

    /// <summary>One step came behind the other: a state belongs to the step that ended with it alone.</summary>
    public bool IsSerial => Trace.Steps.Length == 0 || Trace.Steps[^1].Task == 0;

    /// <summary>The CPUs or the module lack a feature that newer kernels ask for, or fields that it says it
    /// has.</summary>
    public bool LacksFeature => Scenario.Choices.Missing != MissingFeatures.None
        || (Scenario.Machine.Features0 is { } features && (features & MetadataField.FeatureNoRbpMod) == 0)
        || Scenario.Machine.CpuidConfigs > MetadataField.CpuidConfigsOfModule15;

    /// <summary>Makes the facts of a case.</summary>
    public void Load(Scenario scenario, Trace trace, MergedChoices choices)
    {
        LoadSteps(scenario, trace, choices);
        EventFacts.Load(Events, EnableFirst, EnableEnd, _enableTask);
        Life.Load(this);
        // A call that fails leaves memory out.
        _isMemoryKnown = (!trace.HasState || trace.SnapshotAfter(trace.Steps.Length).MemblockErrno == 0)
            && _expectedMemory.TryLoad(scenario.Machine, trace);
        Pages.LoadMachine(scenario.Machine);
        HasDemandedTdmrs = false;
        if (EnableRan)
        {
            Pages.LoadEnable(Before, After, Chunks);
            Demand.Load(Before, Chunks, Pages.Eligible);
        }

        if (HasConfig)
        {
            Pages.LoadConfig(trace.Configured);
            HasDemandedTdmrs = IsAscending(Before.Memory) && Demand.IsExactly(Tdmrs);
        }
    }

    /// <summary>Only where tdx_enable() ran: the changed scenario of a metamorphic property needs no more.</summary>
    public void LoadSteps(Scenario scenario, Trace trace, MergedChoices choices)
    {
        (Scenario, Trace, Choices) = (scenario, trace, choices);
        FindEnable();
    }

    /// <summary>True when the subject shows all of it.</summary>
    public bool Sees(Observes what) => (Trace.Observes & what) == what;

    /// <summary>The first time that tdx_enable() prints a line, or -1.</summary>
    public int FindInEnable(KernelLine line)
    {
        for (var i = EnableFirst; i < EnableEnd; i++)
        {
            if (Events[i].IsLog(line) && IsOfEnable(Events[i]))
                return i;
        }

        return -1;
    }

    private void FindEnable()
    {
        EnableStep = -1;
        EnableFirst = EnableEnd = Result = _enableTask = 0;
        var steps = Trace.Steps;
        for (var i = 0; i < steps.Length && EnableStep < 0; i++)
        {
            ref readonly var step = ref steps[i];
            for (var at = step.FirstEvent; step.Step.Kind == StepKind.EnableTdx && at < step.EndEvent; at++)
            {
                // tdx_module_lock is taken; where tdx_enable() is an initcall and has no such lock, the module is
                // read.
                ref readonly var e = ref Events[at];
                if (step.Owns(e) && (e.IsLock(HostLock.TdxModule) || e.IsCall(SeamcallLeaf.SysRd)))
                {
                    _enableTask = step.Task;
                    (EnableStep, Result, EnableFirst, EnableEnd) = (i, step.Result, step.FirstEvent, step.EndEvent);
                    break;
                }
            }
        }
    }

    private static bool IsAscending(ReadOnlySpan<MemblockRegion> regions)
    {
        ulong end = 0;
        foreach (ref readonly var region in regions)
        {
            if (region.Base < end)
                return false;

            end = region.End;
        }

        return true;
    }
}
