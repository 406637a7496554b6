// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Seamcall;

/// <summary>Registers of a SEAMCALL besides RAX (struct tdx_module_args).</summary>
/// <param name="R10">R10.</param>
/// <param name="R11">R11.</param>
public record struct SeamcallRegisters(
    ulong Rcx = 0, ulong Rdx = 0, ulong R8 = 0, ulong R9 = 0, ulong R10 = 0, ulong R11 = 0);
