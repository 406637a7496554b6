// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>CPU features that tdx_enable() asks for where it is an initcall (7.1), and that this machine has
/// not.</summary>
[Flags]
public enum MissingFeatures
{
    /// <summary>None is missing.</summary>
    None = 0,
    /// <summary>X86_FEATURE_XSAVE: -EINVAL.</summary>
    Xsave = 1,
    /// <summary>X86_FEATURE_MOVDIR64B: -EINVAL.</summary>
    Movdir64B = 2,
    /// <summary>X86_FEATURE_SELFSNOOP: -ENODEV.</summary>
    SelfSnoop = 4,
    /// <summary>X86_FEATURE_VMX, which x86_virt_get_ref() needs: -EOPNOTSUPP.</summary>
    Vmx = 8,
}
