// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>P-SEAMLDR, as far as an update of the module needs it: it replaces a module that was shut down once every
/// logical processor of the platform has asked for it.</summary>
internal sealed class SeamLoader(SimulatedModule module)
{
    private readonly NumberSet _lps = new();

    /// <summary>Some logical processors have asked and others have not: there is no module.</summary>
    public bool IsBusy => _lps.Count > 0;

    public void Reset() => _lps.Clear();

    /// <summary>Runs one call.</summary>
    /// <exception cref="UnknownModuleRuleException">The facts don't tell the answer.</exception>
    public ulong Call(int lp, ulong leaf, in SeamcallRegisters registers, IHostMemory memory) => leaf switch
    {
        // What it writes into SEAMLDR_INFO nobody here reads.
        SeamcallLeaf.SeamldrInfo => TdxStatus.Success,
        SeamcallLeaf.SeamldrInstall => Install(lp, registers.Rcx, memory),
        _ => TdxStatus.SeamldrRefusal,
    };

    private ulong Install(int lp, ulong parameters, IHostMemory memory)
    {
        if (module.State != ModuleState.SysShutdown || !SeamldrParams.DescribesImage(parameters, memory))
            return TdxStatus.SeamldrRefusal;

        if (!_lps.Add(lp))
            throw new UnknownModuleRuleException(module.Profile.Version, "a second SEAMLDR.INSTALL on one processor");

        if (_lps.Count == module.Platform.Lps)
        {
            _lps.Clear();
            module.Replace();
        }

        return TdxStatus.Success;
    }
}
