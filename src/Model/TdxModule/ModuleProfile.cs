// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>What differs between versions of the module, as far as it is known.</summary>
/// <param name="HasSysRd">TDH.SYS.RD and RDALL exist (1.5 on).</param>
/// <param name="ChecksEmptyTail">1.0: with 16 reserved areas that end at the TDMR's end, the empty tail is compared
/// with the CMRs too.</param>
/// <param name="LpShutdownShutsDown">1.0: TDH.SYS.LP.SHUTDOWN sets the state; later it is deprecated and does
/// nothing.</param>
/// <param name="HasDynamicPamt">TDH.SYS.CONFIG takes the Dynamic PAMT flag.</param>
/// <param name="TdmrInitBytes">Bytes of a TDMR that one TDH.SYS.TDMR.INIT initialises.</param>
public sealed record ModuleProfile(
    ModuleVersion Version,
    bool HasSysRd,
    bool ChecksEmptyTail,
    bool LpShutdownShutsDown,
    bool HasDynamicPamt,
    ulong TdmrInitBytes,
    ulong DynamicTdmrInitBytes)
{
    /// <summary>Module 1.0 to 1.0.3.</summary>
    public static ModuleProfile V1_0 { get; } = new(ModuleVersion.V1_0, false, true, true, false, Sizes.Mib4, 0);

    /// <summary>Module 1.5.01 to 1.5.06: the version with recorded answers.</summary>
    public static ModuleProfile V1_5 { get; } = new(ModuleVersion.V1_5, true, false, false, false, Sizes.Mib4, 0);

    /// <summary>Module 2.0, with Dynamic PAMT as of 2.0.12.</summary>
    public static ModuleProfile V2_0 { get; } =
        new(ModuleVersion.V2_0, true, false, false, true, Sizes.Mib4, 4 * Sizes.Mib4);

    public static IReadOnlyList<ModuleProfile> All { get; } = [V1_0, V1_5, V2_0];

    /// <summary>The profile of a version, or null when nothing is known of it.</summary>
    public static ModuleProfile? Of(ModuleVersion version) => All.FirstOrDefault(p => p.Version == version);
}

/// <summary>A question about a module version that the facts do not answer. It is never guessed.</summary>
public sealed class UnknownModuleRuleException : Exception
{
    /// <summary>What is not known, of which version.</summary>
    public UnknownModuleRuleException(ModuleVersion version, string rule)
        : base($"TDX module {version}: {rule} is not known")
    {
    }
}
