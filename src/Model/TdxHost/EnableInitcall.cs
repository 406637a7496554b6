// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_enable() as a subsys_initcall (in 7.1, not in 6.12): what the CPUs must have, every online CPU, then the module. A failure takes the CPUs down again.</summary>
/// <param name="host">The rest of the file.</param>
/// <param name="cpus">The CPUs.</param>
/// <param name="features">What they have.</param>
public sealed class EnableInitcall(HostCode host, OnlineCpus cpus, CpuFeatures features)
{
    /// <summary>Runs it, once a boot.</summary>
    /// <param name="online">CPUs that are online, ascending.</param>
    /// <param name="memblock">memblock as boot left it.</param>
    /// <returns>0 or a negative errno.</returns>
    public int Run(IEnumerable<int> online, MemblockTable memblock)
    {
        if (!host.HasPlatform)
        {
            return -Errno.Enodev;
        }

        if (!features.Xsave || !features.Movdir64B)
        {
            return -Errno.Einval;
        }

        if (!features.SelfSnoop)
        {
            return -Errno.Enodev;
        }

        var error = cpus.Install(online);
        if (error != 0)
        {
            return error;
        }

        error = host.Enable(memblock);
        if (error != 0)
        {
            cpus.Remove();
        }

        return error;
    }
}
