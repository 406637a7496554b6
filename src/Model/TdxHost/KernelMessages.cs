// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;

namespace TdxVerify.Model.TdxHost;

/// <summary>The lines of a trace in the kernel's own words, with its prefix.</summary>
public static class KernelMessages
{
    private const string Prefix = "virt/tdx: ";

    /// <summary>The line that an event of kind Log stands for.</summary>
    /// <param name="line">The event.</param>
    /// <param name="rules">The kernel that prints it.</param>
    public static string Format(in TraceEvent line, HostRules rules)
    {
        var module = rules.SaysTdxModule ? "TDX-Module" : "module";
        var (b, c, d) = (line.Log.First, line.Log.Second, line.Log.Third);
        return Prefix + line.Log.Line switch
        {
            KernelLine.BiosEnabled => $"BIOS enabled: private KeyID range [{b}, {c})",
            KernelLine.DisableS3 => "Disable ACPI S3. Turn off TDX in the BIOS to use ACPI S3.",
            KernelLine.TooFewKeyIds => "initialization failed: too few private KeyIDs available.",
            KernelLine.HibernationEnabled => "initialization failed: Hibernation support is enabled",
            KernelLine.NotifierFailed => $"initialization failed: register_memory_notifier() failed ({(long)b})",
            KernelLine.SeamcallFailed => $"SEAMCALL (0x{b:x16}) failed: 0x{c:x16}",
            KernelLine.SeamcallRegistersLow => $"RCX 0x{b:x16} RDX 0x{c:x16} R08 0x{d:x16}",
            KernelLine.SeamcallRegistersHigh => $"R09 0x{b:x16} R10 0x{c:x16} R11 0x{d:x16}",
            KernelLine.ModuleNotLoaded => "module not loaded",
            KernelLine.TdmrsExhausted => "initialization failed: TDMRs exhausted.",
            KernelLine.TdmrsNearLimit => $"consumed TDMRs reaching limit: {b} used out of {c}",
            KernelLine.NoLocalNode => $"TDMR [0x{b:x}, 0x{c:x}): unable to find local NUMA node for PAMT allocation, fallback to use node 0.",
            KernelLine.ReservedAreasExhausted => $"initialization failed: TDMR [0x{b:x}, 0x{c:x}): reserved areas exhausted.",
            KernelLine.MemoryNotInCmr => $"memory region [0x{b:x}, 0x{c:x}) is not TDX convertible memory.",
            KernelLine.NoRbpModMissing => "frame pointer (RBP) clobber bug present, upgrade TDX module",
            KernelLine.NoPlatform => "TDX not supported by the host platform",
            KernelLine.XsaveMissing => "XSAVE is required for TDX",
            KernelLine.Movdir64BMissing => "MOVDIR64B is required for TDX",
            KernelLine.SelfSnoopMissing => "Self-snoop is required for TDX",
            KernelLine.ModuleVersion => $"Module version: {b}.{c}.{d:00}",
            KernelLine.DynamicPamt => "Enable Dynamic PAMT",
            KernelLine.PamtAllocated => $"{b} KB allocated for PAMT",
            KernelLine.ModuleInitialized => $"{module} initialized",
            KernelLine.Other => $"(a line that is not known, format {c:x})",
            _ => $"{module} initialization failed ({(long)b})",
        };
    }
}
