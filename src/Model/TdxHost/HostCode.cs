// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>arch/x86/virt/vmx/tdx/tdx.c: the entry points that the rest of the kernel calls, and their static
/// state.</summary>
public sealed class HostCode
{
    /// <summary>The global KeyID, and one that a guest can have.</summary>
    private const uint MinKeyIds = 2;

    private readonly HostEnvironment _environment;
    private readonly KernelPolicy _policy;
    private readonly HostPhysicalMemory _memory;
    private readonly InitSequence _init;
    private readonly LpBringUp _lps;
    private readonly SeamcallPort _port;
    private readonly MachineCheck _machineCheck;
    private readonly GuestKeyIds _keyIds = new();
    private readonly ModuleUpdate _update;
    private bool _hasRun;

    /// <summary>The code before tdx_init().</summary>
    public HostCode(HostEnvironment environment, KernelPolicy policy, ISeamcall module)
    {
        _environment = environment;
        _policy = policy;
        Memlist = new Memlist(environment, policy);
        TdmrList = new TdmrList(environment);
        Notifier = new MemoryNotifier(Memlist, policy.OnlineTest);
        _memory = new HostPhysicalMemory(TdmrList);
        _port = new SeamcallPort(environment, module, _memory, policy.RepeatsTransients);
        _init = new InitSequence(environment, policy, _port, _memory, Memlist, TdmrList);
        _lps = new LpBringUp(environment, _port);
        _machineCheck = new MachineCheck(_port, TdmrList);
        Cpus = new OnlineCpus(environment, _lps, _port, _keyIds);
        _update = new ModuleUpdate(environment, _port, _lps, _init.Reader, Cpus, _memory)
        {
            NeedsAllCpus = policy.UpdatesWithAllCpusOnly,
        };
        Lifetime = new HostLifetime(environment, _port, _keyIds, _update, Cpus);
        ResetCpus();
        environment.CountsVmx = policy.BuildsListDuringBoot;
    }

    public Memlist Memlist { get; }
    public TdmrList TdmrList { get; }
    public MemoryNotifier Notifier { get; }
    public TdxModuleStatus Status { get; private set; }
    public OnlineCpus Cpus { get; }

    /// <summary>What happens once an initcall has run.</summary>
    public HostLifetime Lifetime { get; }

    /// <summary>TDX is initialised and no update has lost it.</summary>
    public bool IsInitialized => Status == TdxModuleStatus.Initialized && _update.IsInitialized;

    /// <summary>X86_FEATURE_TDX_HOST_PLATFORM.</summary>
    public bool HasTdxHostCapability { get; private set; }

    /// <summary>tdx_global_keyid; guests get the KeyIDs after it.</summary>
    public uint GlobalKeyId { get; private set; }

    public uint GuestKeyIdStart { get; private set; }
    public uint GuestKeyIds { get; private set; }

    /// <summary>The 4K PAMT is a bitmap.</summary>
    public bool UsesDynamicPamt => _init.UsesDynamicPamt;

    /// <summary>Another kernel boots: every static is as it was loaded.</summary>
    public void Reset(ISeamcall module)
    {
        _port.Reset(module);
        _memory.Reset();
        _init.Reset();
        _lps.Reset();
        Memlist.Reset();
        TdmrList.Reset();
        Status = TdxModuleStatus.Uninitialized;
        HasTdxHostCapability = _hasRun = _update.IsInitialized = false;
        Lifetime.Reset();
        _keyIds.Reset();
        ResetCpus();
        GlobalKeyId = GuestKeyIdStart = GuestKeyIds = 0;
    }

    /// <summary>tdx_init(): the gates at boot. Without the capability nothing else does anything.</summary>
    public void Init(KeyIdPartition keyIds)
    {
        if (keyIds.TdxKeyIds == 0)
            return;

        var first = keyIds.FirstPrivate;
        _environment.Log(KernelLine.BiosEnabled, first, unchecked(first + keyIds.TdxKeyIds));
        if (keyIds.TdxKeyIds < MinKeyIds)
        {
            _environment.Log(KernelLine.TooFewKeyIds);
            return;
        }

        if (_environment.HibernationAvailable)
        {
            _environment.Log(KernelLine.HibernationEnabled);
            return;
        }

        var error = _environment.RegisterMemoryNotifier();
        if (error != 0)
        {
            _environment.Log(KernelLine.NotifierFailed, unchecked((ulong)error));
            return;
        }

        _environment.Log(KernelLine.DisableS3);
        GlobalKeyId = first;
        GuestKeyIdStart = first + 1;
        GuestKeyIds = keyIds.TdxKeyIds - 1;
        Lifetime.GuestRange = (GuestKeyIdStart, GuestKeyIds);
        HasTdxHostCapability = true;
    }

    /// <summary>Every online CPU first, then the module: what KVM does, or an initcall, once a boot; who asks it again
    /// gets what it decided.</summary>
    public int EnableAll(MemblockTable memblock)
    {
        if (_policy.BuildsListDuringBoot)
        {
            if (_hasRun)
                return !HasTdxHostCapability ? -Errno.Enodev : IsInitialized ? 0 : -Errno.Einval;

            _hasRun = true;
            return EnableDuringBoot(memblock);
        }

        for (var i = 0; i < Cpus.All.Count; i++)
        {
            var error = CpuEnable(Cpus.All[i]);
            if (error != 0)
                return error;
        }

        return Enable(memblock);
    }

    /// <summary>tdx_enable() as a subsys_initcall: what the CPUs must have, every online CPU, then the module. A
    /// failure takes the CPUs down again.</summary>
    private int EnableDuringBoot(MemblockTable memblock)
    {
        var error = RefuseInitcall();
        error = error == 0 ? Cpus.Install() : error;
        if (error != 0)
            return error;

        error = Enable(memblock);
        Lifetime.HasSyscore = error == 0;
        if (error != 0)
            Cpus.Remove();

        // The driver looks once.
        var hasBug = _environment.Choices.SeamretInvalidatesVmcs;
        Lifetime.IsUpdatable = error == 0 && !hasBug && _init.Reader.PreservesTds;
        return error;
    }

    /// <summary>The gates of tdx_enable() as an initcall (7.1): the platform, and what the CPUs must have.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int RefuseInitcall()
    {
        if (!HasTdxHostCapability)
        {
            _environment.Log(KernelLine.NoPlatform);
            return -Errno.Enodev;
        }

        if (IsMissing(MissingFeatures.Xsave))
        {
            _environment.Log(KernelLine.XsaveMissing);
            return -Errno.Einval;
        }

        if (IsMissing(MissingFeatures.Movdir64B))
        {
            _environment.Log(KernelLine.Movdir64BMissing);
            return -Errno.Einval;
        }

        if (IsMissing(MissingFeatures.SelfSnoop))
        {
            _environment.Log(KernelLine.SelfSnoopMissing);
            return -Errno.Enodev;
        }

        return 0;
    }

    private void ResetCpus()
    {
        var choices = _environment.Choices;
        Cpus.Reset(choices.Cpus, choices.Cpus + choices.OfflineCpus);
    }

    private bool IsMissing(MissingFeatures feature) => (_environment.Choices.Missing & feature) != 0;

    /// <summary>tdx_cpu_enable() on one logical processor.</summary>
    public int CpuEnable(int lp) =>
        HasTdxHostCapability ? _lps.Enable(lp) : -Errno.Enodev;

    /// <summary>tdx_enable(): the first call decides for ever.</summary>
    public int Enable(MemblockTable memblock)
    {
        if (!HasTdxHostCapability)
            return -Errno.Enodev;

        if (!_policy.BuildsListDuringBoot)
            _environment.Lock(HostLock.TdxModule);

        var error = Status switch
        {
            TdxModuleStatus.Uninitialized => EnableOnce(memblock),
            TdxModuleStatus.Initialized => 0,
            _ => -Errno.Einval,
        };
        if (!_policy.BuildsListDuringBoot)
            _environment.Unlock(HostLock.TdxModule);

        return error;
    }

    /// <summary>tdx_dump_mce_info(): true when the machine check names TDX private memory.</summary>
    public bool IsPrivateAtMachineCheck(ulong address) => HasTdxHostCapability && _machineCheck.IsPrivate(address);

    /// <summary>Writes down the state that a trace keeps after every step.</summary>
    public void Capture(Snapshot snapshot)
    {
        foreach (ref readonly var entry in Memlist.Entries)
            snapshot.Add(entry);

        if (TdmrList.Buffer != 0 && _environment.Live(AllocationSite.TdmrBuffer) > 0)
            TdmrList.Capture(snapshot.Tdmrs);

        snapshot.HasTdxHostCapability = HasTdxHostCapability;
        snapshot.CanSuspend = !HasTdxHostCapability;
        snapshot.HasErratum = HasTdxHostCapability && _environment.Choices.PartialWriteErratum;
        snapshot.HasSeamretBug = _policy.BuildsListDuringBoot && HasTdxHostCapability
            && _environment.Choices.SeamretInvalidatesVmcs;
        snapshot.IncoherentCaches = _policy.BuildsListDuringBoot ? _port.IncoherentCaches : 0;
        snapshot.IsInitialized = IsInitialized;
        snapshot.SysinfoDigest = snapshot.IsInitialized ? _init.SysinfoDigest : 0;
        snapshot.VmxUsers = _environment.VmxUsers;
        snapshot.OnlineCpus = _policy.BuildsListDuringBoot ? Cpus.Mask : 0;
        snapshot.KeyIdsInUse = _keyIds.Count;
        snapshot.GlobalKeyId = GlobalKeyId;
        snapshot.GuestKeyIdStart = GuestKeyIdStart;
        snapshot.GuestKeyIds = GuestKeyIds;
    }

    /// <summary>__tdx_enable().</summary>
    private int EnableOnce(MemblockTable memblock)
    {
        var error = _init.Run(memblock, GlobalKeyId);
        if (error != 0)
        {
            _environment.Log(KernelLine.ModuleFailed, unchecked((ulong)error));
            Status = TdxModuleStatus.Error;
            return error;
        }

        _environment.Log(KernelLine.ModuleInitialized);
        Status = TdxModuleStatus.Initialized;
        _update.IsInitialized = true;
        return 0;
    }
}
