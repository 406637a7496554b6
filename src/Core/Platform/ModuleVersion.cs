// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>Version of a TDX module as it reports it.</summary>
public readonly record struct ModuleVersion(int Major, int Minor)
{
    /// <summary>1.0: no TDH.SYS.RD.</summary>
    public static ModuleVersion V1_0 => new(1, 0);

    /// <summary>1.5: the version whose recorded answers the model is compared with.</summary>
    public static ModuleVersion V1_5 => new(1, 5);

    /// <summary>2.0: Dynamic PAMT.</summary>
    public static ModuleVersion V2_0 => new(2, 0);

    public override string ToString() => $"{Major}.{Minor}";
}
