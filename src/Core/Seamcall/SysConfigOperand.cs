// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Seamcall;

/// <summary>R8 of TDH.SYS.CONFIG: the global KeyID in bits 15:0, flags above; and RCX in a trace.</summary>
public static class SysConfigOperand
{
    /// <summary>Bits of the KeyID.</summary>
    public const ulong KeyIdMask = 0xffff;
    /// <summary>RCX as a trace names the array of TDMR addresses, whatever its address; what is wrong with its
    /// alignment is added.</summary>
    public const ulong Array = Sizes.Mib;
    /// <summary>Asks for Dynamic PAMT; as Linux patches set it, not verified on a module.</summary>
    public const ulong DynamicPamt = 1UL << 16;
}
