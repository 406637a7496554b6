// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>SYS_STATE of the module.</summary>
public enum ModuleState
{
    /// <summary>SYSINIT_PENDING: loaded.</summary>
    SysInitPending = 0,
    /// <summary>SYSINIT_DONE: TDH.SYS.INIT succeeded; LPs are initialised in this state.</summary>
    SysInitDone = 1,
    /// <summary>SYSCONFIG_DONE: TDMRs are accepted.</summary>
    SysConfigDone = 2,
    /// <summary>SYS_READY: every package has the global key.</summary>
    SysReady = 3,
    SysShutdown = 4,
}
