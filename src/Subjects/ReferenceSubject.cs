// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects;

/// <summary>The C# model as a subject. Its memory is used again: a run is only good until the next one.</summary>
public sealed class ReferenceSubject : ISubject
{
    private readonly Func<Scenario, ISeamcall> _module;
    private readonly BootFlow _bootFlow;
    private readonly MemblockTable _memblock;
    private readonly PamtPages _pages = new();
    private readonly HostCode _host;
    private readonly List<PfnRange> _builtMemlist = [];
    private readonly SubjectRun _run;
    private readonly HotplugRun _hotplug;
    private bool _hasHotplug;

    /// <summary>A subject.</summary>
    /// <param name="rules">What the host code does.</param>
    /// <param name="module">Makes the module of a scenario.</param>
    public ReferenceSubject(HostRules rules, Func<Scenario, ISeamcall> module)
    {
        _module = module;
        _bootFlow = new BootFlow(rules.Boot);
        _memblock = new MemblockTable { Rules = rules.Memblock };
        var environment = new HostEnvironment(new Faults(), new Choices(), _pages, new Trace());
        _host = new HostCode(environment, rules, new PermissiveModule(new ModulePlatform(), 0));
        _run = new SubjectRun(_memblock, _host, environment, _builtMemlist);
        _hotplug = new HotplugRun(_memblock, new ArchKeepMemblock(_memblock), environment, _pages, rules.Hotplug, rules.Numa, Notify)
        {
            MayBeAdded = (start, pages) => _host.Memlist.Entries.Length == 0 || MemoryNotifier.IsListed(_host.Memlist, start, pages),
        };
    }

    /// <inheritdoc/>
    public string Name => "reference";

    /// <summary>A simulated module of a version on the scenario's platform.</summary>
    public static ISeamcall SimulatedModuleOf(Scenario scenario, ModuleProfile profile)
    {
        var module = new SimulatedModule(profile, new ModulePlatform())
        {
            TdmrInitBytes = scenario.Choices.TdmrInitStep,
            NeverAdvances = scenario.Choices.TdmrInitStalls,
        };
        module.Platform.Fill(scenario.Machine, scenario.Choices);
        return new ModuleDispatcher(module);
    }

    /// <summary>A module that accepts everything on the scenario's platform.</summary>
    public static ISeamcall PermissiveModuleOf(Scenario scenario)
    {
        var platform = new ModulePlatform();
        platform.Fill(scenario.Machine, scenario.Choices);
        return new PermissiveModule(platform, scenario.Choices.TdmrInitStep);
    }

    /// <summary>Makes modules that are one and the same, loaded anew for every scenario: module 1.5 unless the scenario names another.</summary>
    public static Func<Scenario, ISeamcall> ReloadedModule()
    {
        var platform = new ModulePlatform();
        var module = new ModuleDispatcher(new SimulatedModule(ModuleProfile.V1_5, platform));
        return scenario =>
        {
            var profile = scenario.Machine.Module is { } version ? ModuleProfile.Of(version) ?? ModuleProfile.V1_5 : ModuleProfile.V1_5;
            platform.Fill(scenario.Machine, scenario.Choices);
            module.Reset(profile, platform, scenario.Choices.TdmrInitStep, scenario.Choices.TdmrInitStalls);
            return module;
        };
    }

    /// <inheritdoc/>
    Trace ISubject.Run(Scenario scenario) => Run(scenario).Trace;

    /// <summary>Boots the machine and takes every step.</summary>
    /// <returns>The same object every time: the next run overwrites it.</returns>
    public SubjectRun Run(Scenario scenario)
    {
        _run.Trace.Clear();
        _run.Unknown = null;
        _run.Boot = _bootFlow.Run(scenario.Machine, _memblock);
        _pages.Reset(scenario.Choices, _memblock);
        _run.Environment.Restart(scenario.Faults, scenario.Choices, _pages);
        _host.Reset(_module(scenario));
        _host.Memlist.NoteBoot(_memblock);
        NoteBuiltMemlist();
        _hasHotplug = scenario.HasHotplug;
        try
        {
            TakeAll(scenario);
        }
        catch (UnknownModuleRuleException unknownRule)
        {
            _run.Unknown = unknownRule.Message;
        }

        if (_run.Trace.IsEndless)
        {
            _run.Unknown = "how it goes on: a SEAMCALL is repeated without end";
        }

        return _run;
    }

    private void TakeAll(Scenario scenario)
    {
        _host.Init(scenario.Machine.KeyIds ?? KeyIdPartition.Usual);
        if (_hasHotplug)
        {
            _hotplug.Boot(scenario, _run.Boot);
        }

        Capture(_run.Trace.EndBoot());
        foreach (var step in scenario.Steps)
        {
            if (step.Kind == StepKind.EnableTdx && _host.Status == TdxModuleStatus.Uninitialized)
            {
                NoteBuiltMemlist();
                OfferPages();
            }

            var result = Take(step, scenario.Choices);
            if (_run.Trace.IsEndless)
            {
                return;
            }

            if (step.Kind is StepKind.GoingOnline or StepKind.MachineCheck)
            {
                _run.Trace.EndStepWithoutChange(step, result);
            }
            else
            {
                Capture(_run.Trace.EndStep(step, result));
            }
        }
    }

    private void Capture(Snapshot snapshot)
    {
        foreach (ref readonly var region in _memblock.Memory.Regions)
        {
            snapshot.Add(region);
        }

        _host.Capture(snapshot);
        if (_hasHotplug)
        {
            _hotplug.Capture(snapshot);
        }
    }

    /// <summary>PAMTs are made of pages that are online when TDX is enabled.</summary>
    private void OfferPages()
    {
        if (_hasHotplug)
        {
            _hotplug.OfferPages();
            _host.Memlist.HasBlocks = true;
            _hotplug.CaptureManaged(_host.Memlist.Online);
        }
    }

    /// <summary>The notifier is registered with the platform's capability.</summary>
    private int Notify(MemoryAction action, ulong start, ulong pages) => action == MemoryAction.GoingOnline && _host.HasTdxHostCapability
        ? _host.Notifier.GoingOnline(start, pages)
        : MemoryNotifier.NotifyOk;

    private void NoteBuiltMemlist()
    {
        CollectionsMarshal.SetCount(_builtMemlist, _memblock.Memory.Count);
        var count = MemlistPath.Build(_memblock.Memory.Regions, CollectionsMarshal.AsSpan(_builtMemlist));
        CollectionsMarshal.SetCount(_builtMemlist, count);
    }

    private int Take(Step step, Choices choices) => step.Kind switch
    {
        StepKind.EnableTdx => _host.EnableAll(choices.Cpus, _memblock),
        StepKind.AddMemory => (int)_memblock.AddNode(step.Address, step.Size, step.Nid, MemblockFlags.None),
        StepKind.GoingOnline => _host.Notifier.GoingOnline(step.Pfn, step.Count),
        StepKind.MachineCheck => _host.IsPrivateAtMachineCheck(step.Address) ? 1 : 0,
        _ => _hotplug.Take(step),
    };
}
