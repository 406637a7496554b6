// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>Features of the CPUs that tdx_enable() wants as an initcall (in 7.1, not in 6.12).</summary>
/// <param name="Vmx">X86_FEATURE_VMX: x86_virt_get_ref() needs it.</param>
/// <param name="Xsave">X86_FEATURE_XSAVE.</param>
/// <param name="Movdir64B">X86_FEATURE_MOVDIR64B.</param>
/// <param name="SelfSnoop">X86_FEATURE_SELFSNOOP.</param>
public sealed record CpuFeatures(bool Vmx, bool Xsave, bool Movdir64B, bool SelfSnoop)
{
    /// <summary>All of them, as every CPU with TDX has them.</summary>
    public static CpuFeatures All { get; } = new(true, true, true, true);
}
