// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>
/// tdx_online_cpu() and tdx_offline_cpu() (in 7.1, not in 6.12): a CPU that comes online switches VMX on and
/// initialises itself, one that leaves switches it off. No guest runs, so that every CPU may leave, and nobody else
/// uses VMX.
/// </summary>
/// <param name="host">Initialises CPUs.</param>
public sealed class OnlineCpus(HostCode host)
{
    private readonly HashSet<int> _users = [];
    private bool _isInstalled;

    public int VmxOns { get; private set; }
    public int VmxOffs { get; private set; }

    /// <summary>cpuhp_setup_state(): each online CPU in order; when one fails, those before it go down
    /// again.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Install(IEnumerable<int> online)
    {
        _isInstalled = true;
        foreach (var cpu in online)
        {
            var error = Online(cpu);
            if (error != 0)
            {
                Remove();
                return error;
            }
        }

        return 0;
    }

    /// <summary>cpuhp_remove_state(): each online CPU goes down, and later ones are left alone.</summary>
    public void Remove()
    {
        foreach (var cpu in _users.Order().ToArray())
            Offline(cpu);

        _isInstalled = false;
    }

    /// <summary>tdx_online_cpu().</summary>
    /// <returns>0 or a negative errno, which keeps the CPU offline.</returns>
    public int Online(int cpu)
    {
        if (!_isInstalled)
            return 0;

        if (!host.HasVmx)
            return -Errno.Eopnotsupp;

        _users.Add(cpu);
        VmxOns++;
        var error = host.CpuEnable(cpu);
        if (error != 0)
            Offline(cpu);

        return error;
    }

    /// <summary>tdx_offline_cpu().</summary>
    public void Offline(int cpu) => VmxOffs += _users.Remove(cpu) ? 1 : 0;
}
