// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>arch/x86/virt/vmx/tdx/tdx.c: the entry points that the rest of the kernel calls, and their static state.</summary>
public sealed class HostCode
{
    private const int FewestKeyIds = 2;

    private readonly HostEnvironment _environment;
    private readonly SeamcallPort _port;
    private readonly InitSequence _init;
    private readonly MachineCheck _machineCheck;
    private readonly HashSet<int> _initialisedLps = [];
    private bool _sysinitDone;
    private int _sysinitResult;

    /// <summary>The code before tdx_init().</summary>
    public HostCode(HostEnvironment environment, HostRules rules, ISeamcall module)
    {
        _environment = environment;
        Memlist = new Memlist(environment);
        TdmrList = new TdmrList(environment);
        Notifier = new MemoryNotifier(Memlist);
        var memory = new HostPhysicalMemory(TdmrList);
        _port = new SeamcallPort(environment, module, memory);
        _init = new InitSequence(environment, rules, _port, memory, Memlist, TdmrList);
        _machineCheck = new MachineCheck(_port, TdmrList);
    }

    /// <summary>tdx_memlist.</summary>
    public Memlist Memlist { get; }

    /// <summary>tdx_tdmr_list.</summary>
    public TdmrList TdmrList { get; }

    /// <summary>tdx_memory_nb.</summary>
    public MemoryNotifier Notifier { get; }

    /// <summary>tdx_module_status.</summary>
    public TdxModuleStatus Status { get; private set; }

    /// <summary>X86_FEATURE_TDX_HOST_PLATFORM.</summary>
    public bool HasPlatform { get; private set; }

    /// <summary>tdx_global_keyid; guests get the KeyIDs after it.</summary>
    public uint GlobalKeyId { get; private set; }

    /// <summary>The 4K PAMT is a bitmap.</summary>
    public bool UsesDynamicPamt => _init.UsesDynamicPamt;

    /// <summary>tdx_init(): the gates at boot. Without the capability nothing else does anything.</summary>
    public void Init(KeyIdPartition keyIds)
    {
        if (keyIds.TdxKeyIds == 0)
        {
            return;
        }

        var first = keyIds.FirstPrivate;
        _environment.Log(KernelLine.BiosEnabled, first, unchecked(first + keyIds.TdxKeyIds));
        if (keyIds.TdxKeyIds < FewestKeyIds)
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
        HasPlatform = true;
    }

    /// <summary>tdx_cpu_enable() on one logical processor.</summary>
    public int CpuEnable(int lp)
    {
        if (!HasPlatform)
        {
            return -Errno.Enodev;
        }

        if (_initialisedLps.Contains(lp))
        {
            return 0;
        }

        var error = InitModuleGlobal(lp);
        error = error == 0 ? _port.Call(lp, SeamcallLeaf.SysLpInit, default) : error;
        if (error == 0)
        {
            _initialisedLps.Add(lp);
        }

        return error;
    }

    /// <summary>tdx_enable(): the first call decides for ever.</summary>
    public int Enable(MemblockTable memblock)
    {
        if (!HasPlatform)
        {
            return -Errno.Enodev;
        }

        _environment.Lock(HostLock.TdxModule);
        var error = Status switch
        {
            TdxModuleStatus.Uninitialized => EnableOnce(memblock),
            TdxModuleStatus.Initialized => 0,
            _ => -Errno.Einval,
        };
        _environment.Unlock(HostLock.TdxModule);
        return error;
    }

    /// <summary>tdx_dump_mce_info(): true when the machine check names TDX private memory.</summary>
    public bool IsPrivateAtMachineCheck(ulong address) => HasPlatform && _machineCheck.IsPrivate(address);

    /// <summary>try_init_module_global(): once, and its result is kept.</summary>
    private int InitModuleGlobal(int lp)
    {
        _environment.Lock(HostLock.Sysinit);
        if (!_sysinitDone)
        {
            _sysinitResult = _port.Call(lp, SeamcallLeaf.SysInit, default);
            if (_sysinitResult == -Errno.Enodev)
            {
                _environment.Log(KernelLine.ModuleNotLoaded);
            }

            _sysinitDone = true;
        }

        _environment.Unlock(HostLock.Sysinit);
        return _sysinitResult;
    }

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
        return 0;
    }
}
