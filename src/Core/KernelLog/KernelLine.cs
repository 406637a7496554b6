// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.KernelLog;

/// <summary>
/// What the TDX host code of a kernel says; how it says it is in <see cref="KernelMessages"/>. B, C and D are the three
/// numbers of an event or a message.
/// </summary>
public enum KernelLine
{
    /// <summary>private KeyIDs [B, C).</summary>
    BiosEnabled,

    /// <summary>ACPI S3 is disabled.</summary>
    DisableS3,

    /// <summary>fewer than two private KeyIDs.</summary>
    TooFewKeyIds,

    /// <summary>hibernation is possible.</summary>
    HibernationEnabled,

    /// <summary>register_memory_notifier() failed with B.</summary>
    NotifierFailed,

    /// <summary>SEAMCALL leaf B failed with C.</summary>
    SeamcallFailed,

    /// <summary>RCX B, RDX C, R8 D after a failed SEAMCALL.</summary>
    SeamcallRegistersLow,

    /// <summary>R9 B, R10 C, R11 D after a failed SEAMCALL.</summary>
    SeamcallRegistersHigh,

    /// <summary>the first SEAMCALL found no module.</summary>
    ModuleNotLoaded,

    /// <summary>no TDMR left.</summary>
    TdmrsExhausted,

    /// <summary>B of C TDMRs used.</summary>
    TdmrsNearLimit,

    /// <summary>no node for the PAMT of TDMR [B, C).</summary>
    NoLocalNode,

    /// <summary>no reserved area left in TDMR [B, C).</summary>
    ReservedAreasExhausted,

    /// <summary>memory [B, C) is in no single CMR (patch v8.2).</summary>
    MemoryNotInCmr,

    /// <summary>module lacks NO_RBP_MOD (newer kernels).</summary>
    NoRbpModMissing,

    /// <summary>tdx_init() refused (newer kernels, where nobody asks first).</summary>
    NoPlatform,

    /// <summary>the CPUs lack XSAVE (7.1).</summary>
    XsaveMissing,

    /// <summary>the CPUs lack MOVDIR64B (7.1).</summary>
    Movdir64BMissing,

    /// <summary>the CPUs lack self-snoop (7.1).</summary>
    SelfSnoopMissing,

    /// <summary>module version B.C.D (newer kernels).</summary>
    ModuleVersion,

    /// <summary>Dynamic PAMT is used.</summary>
    DynamicPamt,

    /// <summary>B KB of PAMT.</summary>
    PamtAllocated,

    /// <summary>initialised.</summary>
    ModuleInitialized,

    /// <summary>initialisation failed with B.</summary>
    ModuleFailed,

    /// <summary>B pages of PAMT (off-tree kernels).</summary>
    PamtPagesAllocated,

    /// <summary>CMR [B, C) (off-tree kernels).</summary>
    Cmr,

    /// <summary>The BIOS does not enable TDX, or another complaint about it (off-tree kernels).</summary>
    NotEnabledByBios,

    /// <summary>A reason of failure that is none of these.</summary>
    OtherFailure,

    /// <summary>What else a kernel says of its "TDX-Module".</summary>
    OtherModuleLine,

    /// <summary>
    /// A line that nobody here knows, or a known one at another level: B the <see cref="LogLevel"/>, C a number that
    /// stands for its format.
    /// </summary>
    Other,
}
