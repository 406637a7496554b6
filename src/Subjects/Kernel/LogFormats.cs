// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using System.Text;
using TdxVerify.Core.KernelLog;

namespace TdxVerify.Subjects.Kernel;

/// <summary>Formats of printk() to the lines of a trace. A format is read once: kernel code hands the same pointer every time.</summary>
internal sealed class LogFormats
{
    private const string Prefix = "virt/tdx: ";

    // Conversions are written as %: their length and width are the kernel's own business.
    private static readonly Dictionary<string, KernelLine> Known = new(StringComparer.Ordinal)
    {
        ["BIOS enabled: private KeyID range [%, %)"] = KernelLine.BiosEnabled,
        ["Disable ACPI S3. Turn off TDX in the BIOS to use ACPI S3."] = KernelLine.DisableS3,
        ["initialization failed: too few private KeyIDs available."] = KernelLine.TooFewKeyIds,
        ["initialization failed: Hibernation support is enabled"] = KernelLine.HibernationEnabled,
        ["initialization failed: register_memory_notifier() failed (%)"] = KernelLine.NotifierFailed,
        ["SEAMCALL (0x%) failed: 0x%"] = KernelLine.SeamcallFailed,
        ["RCX 0x% RDX 0x% R08 0x%"] = KernelLine.SeamcallRegistersLow,
        ["R09 0x% R10 0x% R11 0x%"] = KernelLine.SeamcallRegistersHigh,
        ["module not loaded"] = KernelLine.ModuleNotLoaded,
        ["initialization failed: TDMRs exhausted."] = KernelLine.TdmrsExhausted,
        ["consumed TDMRs reaching limit: % used out of %"] = KernelLine.TdmrsNearLimit,
        ["TDMR [0x%, 0x%): unable to find local NUMA node for PAMT allocation, fallback to use node 0."] = KernelLine.NoLocalNode,
        ["initialization failed: TDMR [0x%, 0x%): reserved areas exhausted."] = KernelLine.ReservedAreasExhausted,
        ["memory region [0x%, 0x%) is not TDX convertible memory."] = KernelLine.MemoryNotInCmr,
        ["frame pointer (RBP) clobber bug present, upgrade TDX module"] = KernelLine.NoRbpModMissing,
        ["TDX not supported by the host platform"] = KernelLine.NoPlatform,
        ["XSAVE is required for TDX"] = KernelLine.XsaveMissing,
        ["MOVDIR64B is required for TDX"] = KernelLine.Movdir64BMissing,
        ["Self-snoop is required for TDX"] = KernelLine.SelfSnoopMissing,
        ["Module version: %.%.%"] = KernelLine.ModuleVersion,
        ["Enable Dynamic PAMT"] = KernelLine.DynamicPamt,
        ["% KB allocated for PAMT"] = KernelLine.PamtAllocated,
        ["module initialized"] = KernelLine.ModuleInitialized,
        ["module initialization failed (%)"] = KernelLine.ModuleFailed,
        ["TDX-Module initialized"] = KernelLine.ModuleInitialized,
        ["TDX-Module initialization failed (%)"] = KernelLine.ModuleFailed,
    };

    private readonly Dictionary<nint, (KernelLine Line, string Text)> _read = [];

    /// <summary>The line of a format.</summary>
    /// <param name="format">Where it is; it never changes.</param>
    /// <param name="level">KERN_ level.</param>
    /// <param name="text">The format in readable form.</param>
    public KernelLine Find(nint format, int level, out string text)
    {
        if (!_read.TryGetValue(format, out var known))
        {
            text = Plain(Marshal.PtrToStringUTF8(format) ?? "");
            known = (Known.GetValueOrDefault(text, KernelLine.Other), text);
            _read.Add(format, known);
        }

        text = known.Text;
        return known.Line != KernelLine.Other && known.Line.Level() == LevelOf(level) ? known.Line : KernelLine.Other;
    }

    /// <summary>KERN_ERR and graver, KERN_WARNING, or the rest.</summary>
    public static LogLevel LevelOf(int level) => level switch
    {
        <= 3 => LogLevel.Error,
        4 => LogLevel.Warning,
        _ => LogLevel.Info,
    };

    /// <summary>A number that stands for a text, the same on every machine (FNV-1a).</summary>
    public static ulong NumberOf(string text)
    {
        var number = 14695981039346656037;
        foreach (var character in text)
        {
            number = unchecked((number ^ character) * 1099511628211);
        }

        return number;
    }

    /// <summary>Without prefix and newline, every conversion a bare %.</summary>
    private static string Plain(string format)
    {
        var plain = new StringBuilder(format.Length);
        var text = format.AsSpan().TrimEnd('\n');
        text = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i]);
            if (text[i] == '%')
            {
                for (i++; i < text.Length && "#0- +.123456789lhz".Contains(text[i], StringComparison.Ordinal); i++)
                {
                }
            }
        }

        return plain.ToString();
    }
}
