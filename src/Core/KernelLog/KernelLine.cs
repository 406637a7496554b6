// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.KernelLog;

/// <summary>Lines that arch/x86/virt/vmx/tdx/tdx.c prints; what the numbers B, C and D of their event are stands beside each.</summary>
public enum KernelLine
{
    /// <summary>pr_info: private KeyIDs [B, C).</summary>
    BiosEnabled,

    /// <summary>pr_info: ACPI S3 is disabled.</summary>
    DisableS3,

    /// <summary>pr_err: fewer than two private KeyIDs.</summary>
    TooFewKeyIds,

    /// <summary>pr_err: hibernation is possible.</summary>
    HibernationEnabled,

    /// <summary>pr_err: register_memory_notifier() failed with B.</summary>
    NotifierFailed,

    /// <summary>pr_err: SEAMCALL leaf B failed with C.</summary>
    SeamcallFailed,

    /// <summary>pr_err: RCX B, RDX C, R8 D after a failed SEAMCALL.</summary>
    SeamcallRegistersLow,

    /// <summary>pr_err: R9 B, R10 C, R11 D after a failed SEAMCALL.</summary>
    SeamcallRegistersHigh,

    /// <summary>pr_err: the first SEAMCALL found no module.</summary>
    ModuleNotLoaded,

    /// <summary>pr_warn: no TDMR left.</summary>
    TdmrsExhausted,

    /// <summary>pr_warn: B of C TDMRs used.</summary>
    TdmrsNearLimit,

    /// <summary>pr_warn: no node for the PAMT of TDMR [B, C).</summary>
    NoLocalNode,

    /// <summary>pr_warn: no reserved area left in TDMR [B, C).</summary>
    ReservedAreasExhausted,

    /// <summary>pr_err: memory [B, C) is in no single CMR (patch v8.2).</summary>
    MemoryNotInCmr,

    /// <summary>pr_err: module lacks NO_RBP_MOD (newer kernels).</summary>
    NoRbpModMissing,

    /// <summary>pr_err: tdx_init() refused (newer kernels, where nobody asks first).</summary>
    NoPlatform,

    /// <summary>pr_err: the CPUs lack XSAVE (7.1).</summary>
    XsaveMissing,

    /// <summary>pr_err: the CPUs lack MOVDIR64B (7.1).</summary>
    Movdir64BMissing,

    /// <summary>pr_err: the CPUs lack self-snoop (7.1).</summary>
    SelfSnoopMissing,

    /// <summary>pr_info: module version B.C.D (newer kernels).</summary>
    ModuleVersion,

    /// <summary>pr_info: Dynamic PAMT is used.</summary>
    DynamicPamt,

    /// <summary>pr_info: B KB of PAMT.</summary>
    PamtAllocated,

    /// <summary>pr_info: initialised.</summary>
    ModuleInitialized,

    /// <summary>pr_err: initialisation failed with B.</summary>
    ModuleFailed,

    /// <summary>A line that nobody here knows, or a known one at another level: B the <see cref="LogLevel"/>, C a number that stands for its format.</summary>
    Other,
}

/// <summary>Level of a log line.</summary>
public enum LogLevel
{
    /// <summary>pr_err.</summary>
    Error,

    /// <summary>pr_warn.</summary>
    Warning,

    /// <summary>pr_info.</summary>
    Info,
}

/// <summary>The level each line is printed at.</summary>
public static class KernelLineLevels
{
    /// <summary>pr_err, pr_warn or pr_info.</summary>
    /// <param name="line">The line.</param>
    /// <param name="given">The level of <see cref="KernelLine.Other"/>.</param>
    public static LogLevel Level(this KernelLine line, ulong given = 0) => line switch
    {
        KernelLine.Other => (LogLevel)Math.Min(given, (ulong)LogLevel.Info),
        KernelLine.BiosEnabled or KernelLine.DisableS3 or KernelLine.ModuleVersion or KernelLine.DynamicPamt or KernelLine.PamtAllocated
            or KernelLine.ModuleInitialized => LogLevel.Info,
        KernelLine.TdmrsExhausted or KernelLine.TdmrsNearLimit or KernelLine.NoLocalNode or KernelLine.ReservedAreasExhausted => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
