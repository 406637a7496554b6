// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>What happens to a kernel that has initialised TDX during boot: CPUs come and go, guests take KeyIDs, the
/// machine sleeps, the module is replaced, and the kernel ends (7.1 and 7.2).</summary>
public sealed class HostLifetime
{
    private const int BootCpu = 0;
    private const ulong SoftwareError = 0x8000FF0000000000;

    private readonly HostEnvironment _environment;
    private readonly SeamcallPort _port;
    private readonly GuestKeyIds _keyIds;
    private readonly ModuleUpdate _update;
    private readonly OnlineCpus _cpus;
    private readonly List<int> _frozen = [];

    internal HostLifetime(
        HostEnvironment environment, SeamcallPort port, GuestKeyIds keyIds, ModuleUpdate update, OnlineCpus cpus) =>
        (_environment, _port, _keyIds, _update, _cpus) = (environment, port, keyIds, update, cpus);

    /// <summary>register_syscore() was called: sleep and the end of the kernel are TDX's business.</summary>
    public bool HasSyscore { get; internal set; }

    /// <summary>The driver that takes a new module is there.</summary>
    public bool IsUpdatable { get; internal set; }

    /// <summary>Guests get KeyIDs [first, first+count).</summary>
    internal (uint First, uint Count) GuestRange { get; set; }

    internal void Reset() => HasSyscore = IsUpdatable = false;

    /// <summary>Takes a step.</summary>
    /// <returns>0 or more, a negative errno, or null: it is no step of these.</returns>
    public int? Take(in Step step) => step.Kind switch
    {
        StepKind.CpuOnline => _cpus.Online(step.Cpu),
        StepKind.CpuOffline => _cpus.Offline(step.Cpu),
        StepKind.KeyIdAlloc =>
            _update.IsInitialized ? _keyIds.Alloc(GuestRange.First, GuestRange.Count) : -Errno.Enodev,
        StepKind.KeyIdFree => _keyIds.Free(step.KeyId),
        StepKind.Suspend => Suspend(),
        StepKind.ModuleUpdate => IsUpdatable ? _update.Run(step) : -Errno.Enoent,
        StepKind.Shutdown => ShutDown(),
        StepKind.Kexec => ShutDown() + NextKernel(),
        StepKind.Crash => Crash(),
        _ => null,
    };

    /// <summary>Secondary CPUs, then tdx_suspend() and tdx_resume(), then those CPUs again.</summary>
    private int Suspend()
    {
        _frozen.Clear();
        var error = _cpus.Freeze(_frozen);
        if (error == 0 && HasSyscore)
        {
            _cpus.Put(BootCpu);
            if (_cpus.Get(BootCpu) != 0)
                _environment.Warn();
        }

        foreach (var cpu in _frozen)
            _cpus.Online(cpu);

        return error;
    }

    /// <summary>tdx_shutdown().</summary>
    private int ShutDown()
    {
        if (!HasSyscore)
            return 0;

        Disable();
        _cpus.ShutDown();
        return 0;
    }

    /// <summary>crash.c: the CPU that dies asks, whether TDX is on or not.</summary>
    private int Crash()
    {
        Disable();
        return NextKernel();
    }

    /// <summary>tdx_sys_disable().</summary>
    private void Disable()
    {
        ulong status;
        do
        {
            var registers = default(SeamcallRegisters);
            status = _port.CallForStatus(BootCpu, SeamcallLeaf.SysDisable, ref registers);
        }
        while (status is TdxStatus.InterruptedResumable or TdxStatus.SysBusy);

        if (status != TdxStatus.Success && (status & SoftwareError) != SoftwareError)
            _environment.Log(KernelLine.DisableFailed, status);
    }

    /// <summary>What becomes of TDX in the kernel that follows: 0, or the errno of its TDH.SYS.INIT.</summary>
    private int NextKernel() => TdxStatus.ErrnoOf(_port.AskNextKernel());
}
