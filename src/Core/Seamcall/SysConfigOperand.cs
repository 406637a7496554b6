// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Seamcall;

/// <summary>R8 of TDH.SYS.CONFIG: the global KeyID in bits 15:0, flags above.</summary>
public static class SysConfigOperand
{
    /// <summary>Bits of the KeyID.</summary>
    public const ulong KeyIdMask = 0xffff;
    /// <summary>Asks for Dynamic PAMT; as Linux patches set it, not verified on a module.</summary>
    public const ulong DynamicPamt = 1UL << 16;
}
