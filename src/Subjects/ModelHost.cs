// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects;

/// <summary>The C# model as a host: the reference. Its memory is used again, so that what it shows is good until it
/// boots again.</summary>
public sealed class ModelHost : IHost
{
    private readonly Func<Scenario, ISeamcall> _module;
    private readonly BootFlow _bootFlow;
    private readonly PamtPages _pages = new();
    private readonly HostCode _code;
    private readonly List<PfnRange> _builtMemlist = [];
    private readonly TdxHotplug _hotplug;
    private readonly SubjectDriver _driver;
    private readonly KernelPolicy _policy;

    /// <summary>A host.</summary>
    /// <param name="module">Makes the module of a scenario.</param>
    public ModelHost(KernelPolicy policy, Func<Scenario, ISeamcall> module)
    {
        _driver = new SubjectDriver(this);
        _module = module;
        _policy = policy;
        _bootFlow = new BootFlow(policy);
        Memblock = new MemblockTable();
        Environment = new HostEnvironment(new Faults(), new Choices(), _pages, new Trace());
        _code = new HostCode(Environment, policy, new PermissiveModule(new ModulePlatform(), 0));
        var kept = new ArchKeepMemblock(Memblock);
        _hotplug = new TdxHotplug(Memblock, kept, Environment, _pages, policy, Notify)
        {
            MayBeAdded = (start, pages) =>
                _code.Memlist.Entries.Length == 0 || MemoryNotifier.IsListed(_code.Memlist, start, pages),
        };
    }

    public string Name => "reference";
    public Trace Trace => Environment.Trace;

    /// <summary>Who holds what is still allocated.</summary>
    public HostEnvironment Environment { get; }

    public BootResult BootResult { get; private set; } = null!;
    public MemblockTable Memblock { get; }

    /// <summary>The memlist that memblock leads to when TDX is enabled, or after boot where it never is; without
    /// faults.</summary>
    public IReadOnlyList<PfnRange> BuiltMemlist => _builtMemlist;

    /// <summary>tdx_memlist after the last step: empty after any failure.</summary>
    public IReadOnlyList<PfnRange> Memlist => _code.Memlist.Entries.ToArray();

    /// <summary>TDMRs in use, or as they were when they were freed.</summary>
    public TdmrList Tdmrs => _code.TdmrList;

    public TdxModuleStatus Status => _code.Status;

    /// <summary>The 4K PAMT is a bitmap.</summary>
    public bool UsesDynamicPamt => _code.UsesDynamicPamt;

    /// <summary>Boots the machine and takes every step.</summary>
    public ModelHost Run(Scenario scenario)
    {
        _driver.Run(scenario);
        return this;
    }

    public void Boot(Scenario scenario)
    {
        Memblock.FailingArray = scenario.Faults.FailingArray;
        BootResult = _bootFlow.Run(scenario.Machine, Memblock);
        _pages.Reset(scenario.Choices, Memblock);
        Environment.Restart(scenario.Faults, scenario.Choices, _pages);
        _code.Reset(_module(scenario));
        _code.Memlist.NoteBoot(Memblock);
        NoteBuiltMemlist();
        _code.Init(scenario.Machine.KeyIds ?? KeyIdPartition.Usual);
        _hotplug.Boot(scenario, BootResult);
    }

    public int? Enable()
    {
        if (_code.Status == TdxModuleStatus.Uninitialized)
        {
            NoteBuiltMemlist();
            _hotplug.OfferPages();
            if (_hotplug.IsOn)
            {
                _code.Memlist.HasBlocks = true;
                _hotplug.CaptureManaged(_code.Memlist.Online);
            }
        }

        return _code.EnableAll(Memblock);
    }

    public int? AddMemory(in Step step) =>
        (int)Memblock.AddNode(step.Address, step.Size, step.Nid, MemblockFlags.None);
    public int? GoingOnline(ulong pfn, ulong count) =>
        NotifierVerdict.ToErrno(_code.Notifier.GoingOnline(pfn, count));
    public int? MachineCheck(ulong address) => _code.IsPrivateAtMachineCheck(address) ? 1 : 0;
    public int? Live(in Step step) => _policy.BuildsListDuringBoot ? _code.Lifetime.Take(step) : null;
    public int? Hotplug(in Step step) => _hotplug.Take(step);

    public void Capture(Snapshot snapshot)
    {
        Memblock.Capture(snapshot);
        _code.Capture(snapshot);
        _hotplug.Capture(snapshot);
    }

    private int Notify(MemoryAction action, ulong start, ulong pages) =>
        action == MemoryAction.GoingOnline && _code.HasTdxHostCapability
            ? _code.Notifier.GoingOnline(start, pages)
            : NotifierVerdict.Ok;

    private void NoteBuiltMemlist()
    {
        CollectionsMarshal.SetCount(_builtMemlist, Memblock.Memory.Count);
        var count = MemlistBuild.Collect(Memblock.Memory.Regions, CollectionsMarshal.AsSpan(_builtMemlist));
        CollectionsMarshal.SetCount(_builtMemlist, count);
    }
}
