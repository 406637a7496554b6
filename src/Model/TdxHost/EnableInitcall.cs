// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_enable() as a subsys_initcall (in 7.1, not in 6.12): what the CPUs must have, every online CPU, then
/// the module. A failure takes the CPUs down again.</summary>
public sealed class EnableInitcall(HostCode host, OnlineCpus cpus)
{
    /// <summary>Runs it, once a boot.</summary>
    /// <param name="online">CPUs that are online, ascending.</param>
    /// <returns>0 or a negative errno.</returns>
    public int Run(IEnumerable<int> online, MemblockTable memblock)
    {
        var error = host.RefuseInitcall();
        error = error == 0 ? cpus.Install(online) : error;
        if (error != 0)
            return error;

        error = host.Enable(memblock);
        if (error != 0)
            cpus.Remove();

        return error;
    }
}
