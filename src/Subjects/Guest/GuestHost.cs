// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Machines;
using TdxVerify.Subjects.Guest.State;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects.Guest;

/// <summary>A kernel that runs, in a virtual machine of its own for each scenario; the TDX module is ours. What a
/// running kernel can't show is left out: which allocations, locks and flushes there were.</summary>
public sealed class GuestHost : IHost, IDisposable
{
    private readonly GuestKernel _kernel;
    private readonly Func<Scenario, ISeamcall> _module;
    private readonly CancellationToken _token;
    private readonly HostEnvironment _environment;
    private readonly PamtPages _pages = new();
    private readonly string _initramfs;
    private GuestRun? _run;

    /// <summary>A host.</summary>
    /// <param name="module">Makes the module of a scenario.</param>
    /// <exception cref="GuestException">The kernel's release is unknown, or the agent can't be compiled.</exception>
    public GuestHost(GuestKernel kernel, Func<Scenario, ISeamcall> module, CancellationToken token)
    {
        _kernel = kernel;
        _module = module;
        _token = token;
        _initramfs = AgentBuild.Make(kernel.Modules, token);
        Policy = kernel.PolicyOfRelease();
        _environment = new HostEnvironment(new Faults(), new Choices(), _pages, new Trace())
        {
            CountsVmx = Policy.BuildsListDuringBoot,
        };
    }

    public string Name => "running kernel";
    public Trace Trace => _environment.Trace;
    public KernelPolicy Policy { get; }

    public Observes Observes => _kernel.HasTdx
        ? Observes.Memblock | Observes.Memlist | Observes.Tdmrs
        : Observes.None;

    public string? CrashMessage { get; private set; }

    /// <summary>Everything that the kernel printed.</summary>
    public string Console => _run?.Machine.Console ?? "";

    /// <summary>What the kernel showed after the last step; null: it never came to user space.</summary>
    public GuestState? State => _run?.State;

    public void Boot(Scenario scenario)
    {
        Dispose();
        CrashMessage = null;
        _environment.Restart(scenario.Faults, scenario.Choices, _pages);
        _run = new GuestRun(_kernel, _environment, _module, scenario, _initramfs, _token);
        Guard(() =>
        {
            _run.Start();
            return 0;
        });
    }

    public int? Enable() => _kernel.HasTdx ? Guard(() => _run!.Enable()) : null;

    public int? Live(in Step step)
    {
        var taken = step;
        return step.Kind switch
        {
            StepKind.CpuOnline => Guard(() => _run!.Write(CpuFile(taken.Cpu), "1")),
            StepKind.CpuOffline => Guard(() => _run!.Write(CpuFile(taken.Cpu), "0")),
            StepKind.KeyIdAlloc => Guard(() => _run!.TakeKeyId()),
            StepKind.KeyIdFree => Guard(() => _run!.GiveKeyId(taken.KeyId)),
            StepKind.ModuleUpdate => Guard(() => _run!.Update(taken)),
            _ => null,
        };
    }

    public int? Hotplug(in Step step)
    {
        var taken = step;
        return step.Kind switch
        {
            StepKind.BlockOnline => Guard(() => _run!.WriteBlock(taken, HotplugParameters.NameOf(taken.Type))),
            StepKind.BlockOffline => Guard(() => _run!.WriteBlock(taken, "offline")),
            StepKind.AutoOnline => Guard(() => _run!.WriteDefault(HotplugParameters.NameOf(taken.Type))),
            StepKind.PlugDimm => Guard(() => _run!.Plug(taken)),
            StepKind.UnplugDimm => Guard(() => _run!.Unplug(taken)),
            _ => null,
        };
    }

    public void Capture(Snapshot snapshot) => Guard(() =>
    {
        _run!.Capture(snapshot);
        return 0;
    });

    public void Dispose()
    {
        _run?.Machine.Dispose();
        _run = null;
    }

    private static string CpuFile(int cpu) =>
        string.Create(CultureInfo.InvariantCulture, $"/sys/devices/system/cpu/cpu{cpu}/online");

    /// <summary>A kernel that does not come back ends the trace.</summary>
    private int? Guard(Func<int?> act)
    {
        try
        {
            return act();
        }
        catch (GuestEndedException ended)
        {
            NoteEnd(ended.Message, ended.IsHang);
        }

        return null;
    }

    private void NoteEnd(string message, bool isHang)
    {
        // Who interrupts ends the machine himself.
        _token.ThrowIfCancellationRequested();
        CrashMessage = Splat.In(Console) ?? message + (isHang ? _run?.WhereItIs() : "");
        Trace.Append(TraceEvent.OfCrash(isHang ? CrashKind.Endless : CrashKind.Panic));
    }
}
