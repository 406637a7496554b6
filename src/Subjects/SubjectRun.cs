// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Subjects;

/// <summary>What a scenario led to on the reference; good until the next run of the same subject.</summary>
public sealed class SubjectRun
{
    private readonly HostCode _host;

    internal SubjectRun(MemblockTable memblock, HostCode host, HostEnvironment environment, IReadOnlyList<PfnRange> builtMemlist)
    {
        _host = host;
        Memblock = memblock;
        Environment = environment;
        BuiltMemlist = builtMemlist;
    }

    /// <summary>What boot printed and found.</summary>
    public BootResult Boot { get; internal set; } = null!;

    /// <summary>memblock after the last step.</summary>
    public MemblockTable Memblock { get; }

    /// <summary>Every step's result, in order.</summary>
    public IReadOnlyList<StepRecord> Steps => Trace.Steps.ToArray();

    /// <summary>The memlist that memblock leads to when TDX is enabled, or after boot where it never is; without faults.</summary>
    public IReadOnlyList<PfnRange> BuiltMemlist { get; }

    /// <summary>tdx_memlist after the last step: empty after any failure.</summary>
    public IReadOnlyList<PfnRange> Memlist => _host.Memlist.Entries.ToArray();

    /// <summary>TDMRs in use, or as they were when they were freed.</summary>
    public TdmrList Tdmrs => _host.TdmrList;

    /// <summary>tdx_module_status.</summary>
    public TdxModuleStatus Status => _host.Status;

    /// <summary>The 4K PAMT is a bitmap.</summary>
    public bool UsesDynamicPamt => _host.UsesDynamicPamt;

    /// <summary>Everything that happened.</summary>
    public Trace Trace => Environment.Trace;

    /// <summary>Who holds what is still allocated.</summary>
    public HostEnvironment Environment { get; }

    /// <summary>A rule that the module's version has and nobody here knows, or a run without end; then the last steps are missing.</summary>
    public string? Unknown { get; internal set; }

    /// <summary>Result of the first step of a kind, or null.</summary>
    public int? ResultOf(StepKind kind)
    {
        foreach (var step in Trace.Steps)
        {
            if (step.Step.Kind == kind)
            {
                return step.Result;
            }
        }

        return null;
    }
}
