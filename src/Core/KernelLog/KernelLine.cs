// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.KernelLog;

/// <summary>
/// What the TDX host code of a kernel says. How it says it and what its numbers are is in
/// <see cref="KernelMessages"/>.
/// </summary>
public enum KernelLine
{
    BiosEnabled,
    DisableS3,
    TooFewKeyIds,
    HibernationEnabled,
    NotifierFailed,
    /// <summary>The leaf and its status.</summary>
    SeamcallFailed,
    SeamcallRegistersLow,
    SeamcallRegistersHigh,
    ModuleNotLoaded,
    TdmrsExhausted,
    TdmrsNearLimit,
    NoLocalNode,
    ReservedAreasExhausted,
    MemoryNotInCmr,
    NoRbpModMissing,
    NoPlatform,
    XsaveMissing,
    Movdir64BMissing,
    SelfSnoopMissing,
    ModuleVersion,
    DynamicPamt,
    PamtAllocated,
    ModuleInitialized,
    ModuleFailed,
    PamtPagesAllocated,
    /// <summary>The last CPU of a package may not leave.</summary>
    PackageNeedsCpu,
    /// <summary>TDH.SYS.DISABLE failed: its status.</summary>
    DisableFailed,
    /// <summary>A SEAMCALL of an update failed: the leaf and its status.</summary>
    SeamldrFailed,
    Cmr,
    /// <summary>Or another complaint about the BIOS.</summary>
    NotEnabledByBios,
    /// <summary>A reason that is none of these.</summary>
    OtherFailure,
    /// <summary>What else a kernel says of its "TDX-Module".</summary>
    OtherModuleLine,
    /// <summary>
    /// A line that nobody here knows, or a known one at another level: the <see cref="LogLevel"/>, a number that
    /// stands for its format, and its first argument.
    /// </summary>
    Other,
}
