// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Machines;
using TdxVerify.Subjects.Guest.State;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest;

/// <summary>One boot of a kernel, and what is done to it.</summary>
internal sealed class GuestRun
{
    private const string KeyIdAlloc = "tdx_guest_keyid_alloc";
    private const string Blocks = "/sys/devices/system/memory";

    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(60);

    private readonly GuestKernel _kernel;
    private readonly HostEnvironment _environment;
    private readonly Func<Scenario, ISeamcall> _module;
    private readonly Scenario _scenario;
    private readonly Breakpoints _breakpoints;
    private readonly KernelCalls? _calls;
    private readonly AllocationFaults? _faults;
    private readonly ModuleUpload? _upload;
    private readonly HashSet<uint> _keyIds = [];
    private GuestRegisters? _enable;
    private bool _isUp;
    private ulong _blockSize;

    public GuestRun(
        GuestKernel kernel, HostEnvironment environment, Func<Scenario, ISeamcall> module, Scenario scenario,
        string initramfs, CancellationToken token)
    {
        (_kernel, _environment, _module, _scenario) = (kernel, environment, module, scenario);
        Machine = new VirtualMachine(QemuCommand.Of(scenario, kernel, initramfs), token);
        Dimms = new GuestDimms(Machine);
        _breakpoints = new Breakpoints(Machine.Debugger);
        Machine.Stopped = _breakpoints.Serve;
        if (kernel.Symbols is not { } symbols)
            return;

        _calls = new KernelCalls(symbols, Machine, _breakpoints);
        _faults = new AllocationFaults(symbols, Machine.Debugger, _breakpoints, scenario.Faults);
        _upload = new ModuleUpload(kernel, Machine, _breakpoints);
    }

    public VirtualMachine Machine { get; }
    private GuestDimms Dimms { get; }

    /// <summary>What the kernel showed after the last step; null: it never came to user space.</summary>
    public GuestState? State { get; private set; }

    private bool HasKeyIds => EnablesDuringBoot && Symbols.Find(KeyIdAlloc) is not null;
    private bool EnablesDuringBoot => _kernel.HasTdx && _environment.CountsVmx;
    private bool HasEnabled => _environment.Trace.ResultOf(StepKind.EnableTdx) == 0;
    private SymbolTable Symbols => _kernel.Symbols!;

    /// <summary>Runs up to user space, or up to the initcall.</summary>
    public void Start()
    {
        if (_kernel.HasTdx)
        {
            StopAt("start_kernel");
            Plant();
        }

        if (EnablesDuringBoot)
            _enable = StopAt("tdx_enable");
        else
            Finish();
    }

    /// <summary>TDX is initialised: by the initcall in front of which the kernel stands, or by who calls
    /// it.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Enable()
    {
        if (EnablesDuringBoot)
        {
            _faults!.Plant();
            var back = Machine.Debugger.ReturnAddress(_enable!);
            var result = StopAt(back);
            _faults!.Remove();
            Finish();
            return unchecked((int)result[GuestRegister.Rax]);
        }

        return EnableByCall();
    }

    /// <summary>Replaces the TDX module: 0 or a negative errno; null: the kernel has no driver for it.</summary>
    public int? Update(in Step step)
    {
        if (_upload is not { IsPossible: true })
            return null;

        Finish();
        return _upload.Run(step.Image, StepTime);
    }

    /// <summary>A guest takes a KeyID, as KVM asks for one, only where TDX is up: what tdx_guest_keyid_alloc()
    /// returns; null: the kernel has no such function.</summary>
    public int? TakeKeyId()
    {
        if (!HasKeyIds)
            return null;

        Finish();
        Machine.Debugger.Stop();
        var isUp = IsInitialized();
        Machine.Debugger.Continue();
        var keyId = isUp ? Call(0, isAtomic: false, KeyIdAlloc) : -Errno.Enodev;
        if (keyId >= 0)
            _keyIds.Add((uint)keyId);

        return keyId;
    }

    /// <summary>It gives one back that it has: 0 or a negative errno.</summary>
    public int? GiveKeyId(uint keyId)
    {
        if (!HasKeyIds)
            return null;

        if (!_keyIds.Remove(keyId))
            return -Errno.Einval;

        Call(0, isAtomic: false, "tdx_guest_keyid_free", keyId);
        return 0;
    }

    /// <summary>Plugs a DIMM: 0 or a negative errno.</summary>
    public int Plug(in Step step)
    {
        Finish();
        return Dimms.Plug(step, StepTime);
    }

    /// <summary>Asks the kernel to give one back: 0 or a negative errno.</summary>
    public int Unplug(in Step step)
    {
        Finish();
        return Dimms.Unplug(step.Address, StepTime);
    }

    /// <summary>Writes a file: 0 or a negative errno.</summary>
    public int Write(string file, string text)
    {
        Finish();
        var answer = Machine.Ask($"write {file} {text}", StepTime);
        return -answer.Errno;
    }

    /// <summary>Writes auto_online_blocks: 0 or a negative errno.</summary>
    public int WriteDefault(string text) => Write(Blocks + "/auto_online_blocks", text);

    /// <summary>Writes the state of a memory block: 0 or a negative errno.</summary>
    public int WriteBlock(in Step step, string text) => Write(
        string.Create(CultureInfo.InvariantCulture, $"{Blocks}/memory{step.Address / BlockSize()}/state"), text);

    /// <summary>In which functions a kernel is that does not answer, the most frequent first; empty: nobody
    /// knows.</summary>
    public string WhereItIs()
    {
        const int Samples = 20;
        if (_kernel.Symbols is null)
            return "";

        var names = new List<string>();
        try
        {
            for (var i = 0; i < Samples; i++)
            {
                Machine.Debugger.Stop();
                names.Add(Symbols.NameAt(Machine.Debugger.ReadRegisters().Rip) ?? "?");
                Machine.Debugger.Continue();
                Thread.Sleep(1);
            }
        }
        catch (GuestEndedException)
        {
            // It has died meanwhile.
        }

        var counted = names.GroupBy(static n => n).OrderByDescending(static g => g.Count()).Take(3)
            .Select(static g => string.Create(CultureInfo.InvariantCulture, $"{g.Key}() {g.Count()}"));
        return $"; of {Samples} looks at it: {string.Join(", ", counted)}";
    }

    public void Capture(Snapshot snapshot)
    {
        if (_isUp)
        {
            State = GuestState.Read(Machine.Ask("state", StepTime).Lines, BlockSize());
            State.Capture(snapshot, hasMemblock: !_kernel.HasTdx);
            Machine.Debugger.Stop();
        }

        if (_kernel.HasTdx)
            new KernelStatics(Symbols, Machine.Debugger).Capture(snapshot);

        snapshot.IsInitialized = IsInitialized();
        snapshot.KeyIdsInUse = _keyIds.Count;
        if (HasEnabled)
            CopyTdmrs(_environment.Trace.Configured, snapshot.Tdmrs);

        if (_isUp)
            Machine.Debugger.Continue();
    }

    /// <summary>TDX is up; the machine stands still.</summary>
    private bool IsInitialized() => HasEnabled
        && (!EnablesDuringBoot || new KernelStatics(Symbols, Machine.Debugger).IsInitialized);

    private static void CopyTdmrs(TdmrTable from, TdmrTable to)
    {
        foreach (ref readonly var tdmr in from.Tdmrs)
        {
            foreach (var area in from.Reserved(tdmr))
                to.AddReserved(area.Offset, area.Size);

            to.Add(tdmr.Base, tdmr.Size, tdmr.Pamt4K, tdmr.Pamt2M, tdmr.Pamt1G);
        }
    }

    /// <summary>As KVM does it: CPUs can't come or go, and each is made ready with interrupts off.</summary>
    private int EnableByCall()
    {
        Call(0, isAtomic: false, "cpus_read_lock");
        var result = 0;
        for (var cpu = 0; cpu < _scenario.Choices.Cpus && result == 0; cpu++)
            result = Call(cpu, isAtomic: true, "tdx_cpu_enable");

        if (result == 0)
        {
            Machine.Debugger.Stop();
            _faults!.Plant();
            Machine.Debugger.Continue();
            result = Call(0, isAtomic: false, "tdx_enable");
            Machine.Debugger.Stop();
            _faults.Remove();
            Machine.Debugger.Continue();
        }

        Call(0, isAtomic: false, "cpus_read_unlock");
        return result;
    }

    private int Call(int cpu, bool isAtomic, string function, ulong argument = 0)
    {
        Finish();
        Machine.Debugger.Stop();
        return _calls!.Call(cpu, isAtomic, StepTime, function, argument);
    }

    private void Plant()
    {
        var memory = new GuestMemory(Machine.Debugger);
        var module = _module(_scenario);
        var planted = new GuestModule(
            Symbols, Machine.Debugger, _breakpoints, _environment,
            new RecordedSeamcall(_environment, module, memory),
            new RecordedSeamcall(_environment, module, new ImagePages(memory)));
        planted.Plant(
            _scenario.Machine.KeyIds ?? KeyIdPartition.Usual, _scenario.Choices.SeamretInvalidatesVmcs);
    }

    /// <summary>User space runs.</summary>
    private void Finish()
    {
        if (_isUp)
            return;

        Machine.Go();
        Machine.AwaitAgent(BootTime);
        _isUp = true;
    }

    private ulong BlockSize()
    {
        if (_blockSize == 0)
        {
            Finish();
            var answer = Machine.Ask($"read {Blocks}/block_size_bytes", StepTime);
            _blockSize = ulong.Parse(answer.Lines[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return _blockSize;
    }

    private GuestRegisters StopAt(string function) => StopAt(
        Symbols.Find(function) ?? throw new GuestException($"the kernel has no function {function}()"));

    /// <summary>Runs until the machine stands at an instruction, and leaves it there.</summary>
    private GuestRegisters StopAt(ulong address)
    {
        GuestRegisters? reached = null;
        _breakpoints.Add(address, registers =>
        {
            reached = registers;
            return false;
        });
        Machine.Go();
        Machine.Await(() => reached is not null, "boot", BootTime);
        _breakpoints.Remove(address);
        return reached!;
    }
}
