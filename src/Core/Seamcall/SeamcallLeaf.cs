// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Seamcall;

/// <summary>Leaf numbers of host-side SEAMCALLs, RAX[15:0].</summary>
public static class SeamcallLeaf
{
    /// <summary>TDH.PHYMEM.PAGE.RDMD.</summary>
    public const ulong PhymemPageRdmd = 24;
    /// <summary>TDH.SYS.KEY.CONFIG.</summary>
    public const ulong SysKeyConfig = 31;
    /// <summary>TDH.SYS.INFO.</summary>
    public const ulong SysInfo = 32;
    /// <summary>TDH.SYS.INIT.</summary>
    public const ulong SysInit = 33;
    /// <summary>TDH.SYS.RD.</summary>
    public const ulong SysRd = 34;
    /// <summary>TDH.SYS.LP.INIT.</summary>
    public const ulong SysLpInit = 35;
    /// <summary>TDH.SYS.TDMR.INIT.</summary>
    public const ulong SysTdmrInit = 36;
    /// <summary>TDH.SYS.RDALL.</summary>
    public const ulong SysRdAll = 37;
    /// <summary>TDH.SYS.LP.SHUTDOWN.</summary>
    public const ulong SysLpShutdown = 44;
    /// <summary>TDH.SYS.CONFIG.</summary>
    public const ulong SysConfig = 45;
    /// <summary>TDH.SYS.SHUTDOWN.</summary>
    public const ulong SysShutdown = 52;
    /// <summary>TDH.SYS.UPDATE.</summary>
    public const ulong SysUpdate = 53;
    /// <summary>TDH.SYS.DISABLE.</summary>
    public const ulong SysDisable = 69;
    /// <summary>SEAMLDR.INFO of P-SEAMLDR.</summary>
    public const ulong SeamldrInfo = 0x8000000000000000;
    /// <summary>SEAMLDR.INSTALL of P-SEAMLDR.</summary>
    public const ulong SeamldrInstall = 0x8000000000000001;

    /// <summary>True for a leaf that P-SEAMLDR answers and not the module.</summary>
    public static bool IsOfSeamldr(ulong leaf) => leaf >> 63 != 0;

    /// <summary>The architecture's name of a leaf, or its number.</summary>
    public static string Name(ulong leaf) => leaf switch
    {
        PhymemPageRdmd => "TDH.PHYMEM.PAGE.RDMD",
        SysKeyConfig => "TDH.SYS.KEY.CONFIG",
        SysInfo => "TDH.SYS.INFO",
        SysInit => "TDH.SYS.INIT",
        SysRd => "TDH.SYS.RD",
        SysLpInit => "TDH.SYS.LP.INIT",
        SysTdmrInit => "TDH.SYS.TDMR.INIT",
        SysRdAll => "TDH.SYS.RDALL",
        SysLpShutdown => "TDH.SYS.LP.SHUTDOWN",
        SysConfig => "TDH.SYS.CONFIG",
        SysShutdown => "TDH.SYS.SHUTDOWN",
        SysUpdate => "TDH.SYS.UPDATE",
        SysDisable => "TDH.SYS.DISABLE",
        SeamldrInfo => "SEAMLDR.INFO",
        SeamldrInstall => "SEAMLDR.INSTALL",
        _ => $"leaf {leaf}",
    };
}
