// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Scenarios.Lines;

/// <summary>Lines of the TDX host code, merged and off-tree: KeyIDs, module version, CMRs, PAMT size and outcome.</summary>
internal static class TdxLines
{
    /// <summary>Reads a line into the boot.</summary>
    public static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line);
        if (!scanner.Past("tdx: "))
        {
            return LineResult.Unknown;
        }

        var text = scanner.Rest.Trim();
        var result = ReadGiven(text, boot);
        result = result.IsKnown ? result : ReadFailure(text, boot.Scenario.Observed);
        result = result.IsKnown ? result : ReadOutcome(text, boot.Scenario.Observed);
        boot.Scenario.Observed.MentionsTdx |= result.IsKnown;
        return result;
    }

    private static LineResult ReadGiven(ReadOnlySpan<char> text, BootLog boot)
    {
        var machine = boot.Scenario.Machine;
        var scanner = new LineScanner(text);
        if (scanner.Word("BIOS enabled: private KeyID range ["))
        {
            const string Shape = "private KeyID range [FIRST, END)";
            if (!scanner.Number(out var first) || !scanner.Word(", ") || !scanner.Number(out var end) || first < 1 || end < first)
            {
                return LineResult.Malformed(Shape);
            }

            machine.KeyIds = new KeyIdPartition((uint)(first - 1), (uint)(end - first));
            return LineResult.Read;
        }

        if (scanner.Word("CMR"))
        {
            return ReadCmr(scanner, boot);
        }

        if (text.StartsWith("TDX module: attributes", StringComparison.Ordinal))
        {
            var isWhole = scanner.Past("major_version ") & scanner.Number(out var major) & scanner.Past("minor_version ") & scanner.Number(out var minor);
            machine.Module = isWhole ? new ModuleVersion(major, minor) : machine.Module;
            return isWhole ? LineResult.Read : LineResult.Malformed("major_version N, minor_version N");
        }

        if (scanner.Word("TDX module ") || scanner.Word("Module version: ") || scanner.Word("module verson: ") || scanner.Word("module version: "))
        {
            if (scanner.Number(out var major) && scanner.Word(".") && scanner.Number(out var minor))
            {
                machine.Module = new ModuleVersion(major, minor);
                return LineResult.Read;
            }
        }

        return LineResult.Unknown;
    }

    private static LineResult ReadCmr(LineScanner scanner, BootLog boot)
    {
        const string Shape = "CMR: [0xSTART, 0xEND)";
        if (scanner.Word("[") && !(scanner.Number(out _) && scanner.Word("]")))
        {
            return LineResult.Malformed(Shape);
        }

        if (!scanner.Word(": [") || !scanner.HexPair(", ", out var start, out var end) || !scanner.Word(")") || end < start)
        {
            return LineResult.Malformed(Shape);
        }

        return boot.AddCmr(new Cmr(start, end - start)) ? LineResult.Read : LineResult.Malformed("at most 32 CMRs");
    }

    private static LineResult ReadFailure(ReadOnlySpan<char> text, Observed observed)
    {
        var scanner = new LineScanner(text);
        if (scanner.Word("SEAMCALL ("))
        {
            if (!scanner.Hex(out var leaf) || !scanner.Word(") failed: ") || !scanner.Hex(out var status))
            {
                return LineResult.Malformed("SEAMCALL (0xLEAF) failed: 0xSTATUS");
            }

            return Fail(observed, leaf, status);
        }

        if (scanner.Word("SEAMCALL failed: "))
        {
            // "CPU 162 is not in VMX operation." has no leaf and no status.
            var isWhole = scanner.Past("leaf ") & scanner.Number(out var leaf) & scanner.Past("error ") & scanner.Hex(out var status);
            return isWhole ? Fail(observed, (ulong)leaf, status) : LineResult.Unknown;
        }

        if (scanner.Past("initialization failed: ") || scanner.Word("[firmware bug]: "))
        {
            observed.Reason = scanner.Rest.ToString();
            observed.Outcome = ObservedOutcome.Failed;
            return LineResult.Read;
        }

        return LineResult.Unknown;
    }

    private static LineResult Fail(Observed observed, ulong leaf, ulong status)
    {
        observed.FailedLeaf = leaf;
        observed.FailedStatus = status;
        observed.Outcome = ObservedOutcome.Failed;
        return LineResult.Read;
    }

    private static LineResult ReadOutcome(ReadOnlySpan<char> text, Observed observed)
    {
        var scanner = new LineScanner(text);
        var isModuleLine = scanner.Word("TDX-Module ") || scanner.Word("TDX module ") || scanner.Word("module ");
        observed.SubsysInitcallWording |= text.StartsWith("TDX-Module ", StringComparison.Ordinal);
        if (scanner.Word("initialization failed (") && scanner.Number(out var errno))
        {
            observed.Errno = errno;
            observed.Outcome = ObservedOutcome.Failed;
            return LineResult.Read;
        }

        if (isModuleLine && scanner.Word("initialized"))
        {
            observed.Outcome = ObservedOutcome.Initialized;
            return LineResult.Read;
        }

        if ((isModuleLine && (scanner.Word("not loaded") || scanner.Word("is not loaded"))) || text.Contains("not enabled by BIOS", StringComparison.Ordinal))
        {
            observed.Reason = text.ToString();
            observed.Outcome = ObservedOutcome.NoModule;
            return LineResult.Read;
        }

        if (scanner.Word("Enable Dynamic PAMT"))
        {
            observed.DynamicPamt = true;
            return LineResult.Read;
        }

        return ReadPamt(text, observed);
    }

    private static LineResult ReadPamt(ReadOnlySpan<char> text, Observed observed)
    {
        const ulong KbPerPage = 4;
        var scanner = new LineScanner(text);
        if (!text.Contains("allocated for PAMT", StringComparison.Ordinal))
        {
            return text.StartsWith("Disable ACPI S3", StringComparison.Ordinal) ? LineResult.Read : LineResult.Unknown;
        }

        if (!scanner.Number(out var amount) || amount < 0 || !(scanner.Word(" KB") || scanner.Word(" pages")))
        {
            return LineResult.Malformed("N KB allocated for PAMT");
        }

        var isPages = text.Contains(" pages", StringComparison.Ordinal);
        observed.PamtKb = (ulong)amount * (isPages ? KbPerPage : 1);
        return LineResult.Read;
    }
}
