// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>
/// CPUs that come and go, with tdx_online_cpu() and tdx_offline_cpu() (in 7.1, not in 6.12): a CPU that comes online
/// switches VMX on and initialises itself, one that leaves flushes its caches and switches VMX off.
/// </summary>
public sealed class OnlineCpus
{
    private const int MaskBits = 64;

    private readonly HostEnvironment _environment;
    private readonly LpBringUp _lps;
    private readonly SeamcallPort _port;
    private readonly GuestKeyIds _keyIds;
    private readonly List<int> _online = [];
    private bool _isInstalled;
    private int _present;

    internal OnlineCpus(HostEnvironment environment, LpBringUp lps, SeamcallPort port, GuestKeyIds keyIds) =>
        (_environment, _lps, _port, _keyIds) = (environment, lps, port, keyIds);

    /// <summary>CPUs that are online, ascending.</summary>
    public IReadOnlyList<int> All => _online;

    public int VmxOns { get; private set; }
    public int VmxOffs { get; private set; }

    /// <summary>No CPU is offline.</summary>
    public bool IsComplete => _online.Count == _present;

    /// <summary>A bit for each of the first 64 CPUs that is online.</summary>
    public ulong Mask
    {
        get
        {
            ulong mask = 0;
            foreach (var cpu in _online)
                mask |= cpu < MaskBits ? 1UL << cpu : 0;

            return mask;
        }
    }

    /// <summary>Another kernel boots.</summary>
    /// <param name="online">CPUs that are online: the first ones.</param>
    /// <param name="present">All that can be.</param>
    public void Reset(int online, int present)
    {
        _online.Clear();
        for (var cpu = 0; cpu < online; cpu++)
            _online.Add(cpu);

        _present = present;
        _isInstalled = false;
        VmxOns = VmxOffs = 0;
    }

    /// <summary>cpuhp_setup_state(): each online CPU in order; when one fails, those before it go down
    /// again.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Install()
    {
        for (var i = 0; i < _online.Count; i++)
        {
            var error = Enter(_online[i]);
            if (error == 0)
                continue;

            for (var before = 0; before < i; before++)
                Leave(_online[before]);

            return error;
        }

        _isInstalled = true;
        return 0;
    }

    /// <summary>cpuhp_remove_state(): each online CPU goes down, and later ones are left alone.</summary>
    public void Remove()
    {
        foreach (var cpu in _online)
            Leave(cpu);

        _isInstalled = false;
    }

    /// <summary>"1" is written to the online file of a CPU; the first has none.</summary>
    /// <returns>0 or a negative errno, which keeps the CPU offline.</returns>
    public int Online(int cpu)
    {
        if (cpu <= 0 || cpu >= _present)
            return -Errno.Enoent;

        var at = _online.BinarySearch(cpu);
        if (at >= 0)
            return 0;

        _online.Insert(~at, cpu);
        var error = _isInstalled ? Enter(cpu) : 0;
        if (error != 0)
            _online.Remove(cpu);

        return error;
    }

    /// <summary>"0" is written to it.</summary>
    /// <returns>0 or a negative errno, which keeps it online.</returns>
    public int Offline(int cpu)
    {
        if (cpu <= 0 || cpu >= _present)
            return -Errno.Enoent;

        var error = _isInstalled && _online.Contains(cpu) ? Leave(cpu) : 0;
        if (error == 0)
            _online.Remove(cpu);

        return error;
    }

    /// <summary>freeze_secondary_cpus(): all but the first leave, the last one first, until one may not.</summary>
    /// <param name="frozen">Those that left.</param>
    /// <returns>0 or a negative errno.</returns>
    public int Freeze(List<int> frozen)
    {
        for (var i = _online.Count - 1; i > 0; i--)
        {
            var cpu = _online[i];
            if (Offline(cpu) is var error and not 0)
                return error;

            frozen.Insert(0, cpu);
        }

        return 0;
    }

    /// <summary>tdx_shutdown_cpu(): the machine goes down.</summary>
    internal void ShutDown()
    {
        foreach (var cpu in _online)
        {
            _port.FlushCache(cpu);
            Put(cpu);
        }
    }

    /// <summary>x86_virt_get_ref().</summary>
    internal int Get(int cpu)
    {
        var error = _environment.GetVmx(cpu);
        VmxOns += error == 0 ? 1 : 0;
        return error;
    }

    /// <summary>x86_virt_put_ref().</summary>
    internal void Put(int cpu)
    {
        _environment.PutVmx(cpu);
        VmxOffs++;
    }

    /// <summary>tdx_online_cpu().</summary>
    private int Enter(int cpu)
    {
        var error = Get(cpu);
        if (error != 0)
            return error;

        error = _lps.Enable(cpu);
        if (error != 0)
            Put(cpu);

        return error;
    }

    /// <summary>tdx_offline_cpu().</summary>
    private int Leave(int cpu)
    {
        if (!_keyIds.IsEmpty && !HasOther(cpu))
        {
            _environment.Log(KernelLine.PackageNeedsCpu);
            return -Errno.Ebusy;
        }

        _environment.NoteMisuse(Misuse.Preemptible);
        _port.FlushCache(cpu);
        Put(cpu);
        return 0;
    }

    /// <summary>Another CPU of the package is online.</summary>
    private bool HasOther(int cpu)
    {
        var size = _environment.Choices.CpusPerPackage;
        foreach (var other in _online)
        {
            if (other != cpu && other / size == cpu / size)
                return true;
        }

        return false;
    }
}
