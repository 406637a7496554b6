// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>
/// arch/x86/virt/vmx/tdx/seamldr.c (in 7.2, not in 7.0): with the machine stopped, all online CPUs go through the
/// steps of an update together. Each runs until it waits for the others, or <see cref="CpuSchedule"/> lets another one
/// go on.
/// </summary>
internal sealed class ModuleUpdate(
    HostEnvironment environment, SeamcallPort port, LpBringUp lps, ModuleReader reader, OnlineCpus cpus,
    HostPhysicalMemory memory)
{
    private const int Lead = 0;
    private const ulong ParamsBytes = 4096;

    private readonly Dictionary<int, IEnumerator<bool>> _running = [];
    private State _state;
    private int _acknowledged;
    private int _failed;
    private int _result;

    /// <summary>enum module_update_state.</summary>
    private enum State
    {
        Start,
        Shutdown,
        CpuInstall,
        CpuInit,
        RunUpdate,
        Done,
    }

    /// <summary>tdx_module_state.initialized, which an update clears and sets.</summary>
    public bool IsInitialized { get; set; }

    /// <summary>With a CPU offline it is -EBUSY.</summary>
    public bool NeedsAllCpus { get; init; }

    /// <summary>seamldr_install_module().</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Run(in Step step)
    {
        var error = CallSeamldr(Lead, SeamcallLeaf.SeamldrInfo, 0);
        if (error != 0 || step.Image == ModuleImage.NoHeader)
            return error != 0 ? error : -Errno.Einval;

        var parameters = environment.Kmalloc(AllocationSite.Other, ParamsBytes);
        if (parameters == 0)
            return -Errno.Enomem;

        error = step.IsSoundImage ? 0 : -Errno.Einval;
        if (error == 0)
        {
            memory.ModulePages =
                step.Image == ModuleImage.Largest ? SeamldrParams.MaxModulePages : SeamldrParams.ModulePages;
            environment.Lock(HostLock.CpusRead);
            (_state, _acknowledged, _failed) = (State.Shutdown, 0, 0);
            error = NeedsAllCpus && !cpus.IsComplete ? -Errno.Ebusy : StopMachine(step.Order);
            environment.Unlock(HostLock.CpusRead);
        }

        environment.Free(AllocationSite.Other, parameters);
        return error;
    }

    /// <summary>stop_machine_cpuslocked(): what the last CPU returns that fails.</summary>
    private int StopMachine(ulong order)
    {
        var schedule = environment.Schedule;
        schedule.Begin(order);
        _result = 0;
        _running.Clear();
        foreach (var cpu in cpus.All)
        {
            schedule.Take(cpu, CpuTurn.Joins);
            _running.Add(cpu, Install(cpu));
        }

        for (var cpu = schedule.Take(0, CpuTurn.Starts); cpu >= 0;)
        {
            var isOver = !_running[cpu].MoveNext();
            cpu = schedule.Take(
                cpu, isOver ? CpuTurn.Ends : _running[cpu].Current ? CpuTurn.Waits : CpuTurn.Passes);
        }

        return _result;
    }

    /// <summary>do_seamldr_install_module() on a CPU.</summary>
    /// <returns>Where another one may go on: true where it waits for others.</returns>
    private IEnumerator<bool> Install(int cpu)
    {
        var now = State.Start;
        var result = 0;
        do
        {
            if (now == _state)
            {
                yield return true;
                continue;
            }

            now = _state;
            switch (now)
            {
                case State.Shutdown when cpu == Lead:
                    result = ShutDown();
                    break;
                case State.CpuInstall:
                    yield return false;
                    result = CallSeamldr(cpu, SeamcallLeaf.SeamldrInstall, SeamldrParams.Address);
                    yield return false;
                    break;
                case State.CpuInit when !lps.IsInitialized(cpu):
                    yield return false;
                    result = lps.InitModuleGlobal(cpu);
                    yield return false;
                    result = result == 0 ? lps.InitLp(cpu) : result;
                    break;
                case State.CpuInit:
                    result = 0;
                    break;
                case State.RunUpdate when cpu == Lead:
                    result = RunUpdate();
                    break;
            }

            yield return false;
            Acknowledge(result);
            yield return false;
        }
        while (now != State.Done && _failed == 0);

        _result = result == 0 ? _result : result;
    }

    /// <summary>seamldr_call().</summary>
    private int CallSeamldr(int cpu, ulong leaf, ulong rcx)
    {
        environment.Lock(HostLock.Seamldr);
        var error = port.CallSeamldr(cpu, leaf, rcx);
        environment.Unlock(HostLock.Seamldr);
        return error;
    }

    /// <summary>ack_state().</summary>
    private void Acknowledge(int result)
    {
        environment.Lock(HostLock.UpdateControl);
        _failed += result == 0 ? 0 : 1;
        _acknowledged++;
        if (_acknowledged == cpus.All.Count && _failed == 0)
            (_state, _acknowledged) = (_state + 1, 0);

        environment.Unlock(HostLock.UpdateControl);
    }

    /// <summary>tdx_module_shutdown().</summary>
    private int ShutDown()
    {
        var error = reader.ReadHandoffVersion(out var version);
        if (error != 0)
            return error;

        error = port.Call(Lead, SeamcallLeaf.SysShutdown, new SeamcallRegisters(Rcx: version));
        if (error != 0)
            return error;

        IsInitialized = false;
        lps.Reset();
        return 0;
    }

    /// <summary>tdx_module_run_update().</summary>
    private int RunUpdate()
    {
        var error = port.Call(Lead, SeamcallLeaf.SysUpdate, default);
        if (error != 0)
            return error;

        if (reader.ReadVersionAgain() != 0)
            environment.Warn();

        IsInitialized = true;
        return 0;
    }
}
