// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>What runs before any leaf: reserved bits of RAX, then the state, then whether the leaf exists.</summary>
public sealed class ModuleDispatcher(SimulatedModule module) : ISeamcall
{
    private const ulong SysInfoBytes = 1024;
    private const ulong CmrInfoBytes = 16 * Cmr.MaxSlots;

    private readonly SeamLoader _loader = new(module);

    public SimulatedModule Module => module;

    /// <summary>TDH.SYS.DISABLE exists.</summary>
    private bool HasSysDisable => ((module.Platform.Features0 ?? 0) & MetadataField.FeatureSysDisable) != 0;

    /// <summary>Makes the module behind it a freshly loaded one; see <see cref="SimulatedModule.Reset"/>.</summary>
    public void Reset(
        ModuleProfile profile, ModulePlatform platform, ulong? tdmrInitBytes = null, bool neverAdvances = false)
    {
        module.Reset(profile, platform, tdmrInitBytes, neverAdvances);
        _loader.Reset();
    }

    public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
    {
        if (SeamcallLeaf.IsOfSeamldr(rax))
            return _loader.Call(lp, rax, registers, memory);

        if (_loader.IsBusy)
            return TdxStatus.SeamcallVmFailInvalid;

        var leaf = rax & 0xffff;
        if (rax >> 16 != 0)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rax);

        if (module.State == ModuleState.SysShutdown && leaf != SeamcallLeaf.SysLpShutdown)
            return TdxStatus.SysShutdown;

        if (module.State != ModuleState.SysReady && !IsLegalBeforeReady(leaf))
            return TdxStatus.SysNotReady;

        return Run(lp, leaf, ref registers, memory);
    }

    private bool IsLegalBeforeReady(ulong leaf) => leaf switch
    {
        SeamcallLeaf.SysRd or SeamcallLeaf.SysRdAll => module.Profile.HasSysRd,
        SeamcallLeaf.SysInfo or SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit or SeamcallLeaf.SysConfig
            or SeamcallLeaf.SysKeyConfig or SeamcallLeaf.SysLpShutdown or SeamcallLeaf.SysUpdate => true,
        SeamcallLeaf.SysDisable => HasSysDisable,
        _ => false,
    };

    private ulong Run(int lp, ulong leaf, ref SeamcallRegisters registers, IHostMemory memory)
    {
        ulong status, first, second;
        switch (leaf)
        {
            case SeamcallLeaf.SysInit:
                status = module.SysInit(registers.Rcx);
                registers = new SeamcallRegisters(R11: registers.R11);
                return status;
            case SeamcallLeaf.SysLpInit:
                registers = registers with { Rcx = 0, Rdx = 0, R8 = 0 };
                return module.SysLpInit(lp);
            case SeamcallLeaf.SysConfig:
                return module.SysConfig(registers.Rcx, registers.Rdx, registers.R8, memory);
            case SeamcallLeaf.SysKeyConfig:
                return module.SysKeyConfig(lp / module.Platform.LpsPerPackage, TdxStatus.Success);
            case SeamcallLeaf.SysTdmrInit:
                status = module.SysTdmrInit(registers.Rcx, out first);
                registers = registers with { Rdx = first };
                return status;
            case SeamcallLeaf.SysRd when module.Profile.HasSysRd:
                status = module.SysRd(lp, registers.Rdx, out first, out second);
                registers = registers with { Rdx = first, R8 = second };
                return status;
            case SeamcallLeaf.SysRdAll when module.Profile.HasSysRd:
                return SysRdAll(lp, ref registers);
            case SeamcallLeaf.SysInfo:
                return SysInfo(lp, ref registers, memory);
            case SeamcallLeaf.PhymemPageRdmd:
                status = module.PhymemPageRdmd(registers.Rcx, out first);
                registers = new SeamcallRegisters(Rcx: first);
                return status;
            case SeamcallLeaf.SysShutdown:
                return module.SysShutdown(registers.Rcx);
            case SeamcallLeaf.SysLpShutdown:
                return module.SysLpShutdown();
            case SeamcallLeaf.SysUpdate:
                return module.SysUpdate();
            case SeamcallLeaf.SysDisable when HasSysDisable:
                return module.SysDisable();
            default:
                return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rax);
        }
    }

    /// <summary>TDH.SYS.RDALL up to its operand checks; the packing of the list it writes is not in the
    /// facts.</summary>
    private ulong SysRdAll(int lp, ref SeamcallRegisters registers)
    {
        var list = registers.Rdx;
        registers = registers with { R8 = MetadataField.None };
        if (!module.IsInitialised(lp))
            return TdxStatus.SysLpInitNotDone;

        return module.Platform.Rules.IsShared(list, Sizes.Page4K)
            ? throw new UnknownModuleRuleException(module.Profile.Version, "the list that TDH.SYS.RDALL writes")
            : TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rdx);
    }

    /// <summary>TDH.SYS.INFO: the CMRs are written; of TDSYSINFO the facts tell the size and no layout, so it stays
    /// zero.</summary>
    private ulong SysInfo(int lp, ref SeamcallRegisters registers, IHostMemory memory)
    {
        var operands = registers;
        registers = registers with { Rdx = 0, R9 = 0 };
        var rules = module.Platform.Rules;
        if (!module.IsInitialised(lp))
            return TdxStatus.SysLpInitNotDone;

        if (!rules.IsShared(operands.Rcx, SysInfoBytes))
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rcx);

        if (operands.Rdx < SysInfoBytes)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.Rdx);

        if (!rules.IsShared(operands.R8, CmrInfoBytes))
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.R8);

        if (operands.R9 < Cmr.MaxSlots)
            return TdxStatus.WithOperand(TdxStatus.OperandInvalid, SeamcallOperand.R9);

        module.Platform.Cmrs.WriteTo(memory, operands.R8);
        registers = registers with { Rdx = SysInfoBytes, R9 = Cmr.MaxSlots };
        return TdxStatus.Success;
    }
}
