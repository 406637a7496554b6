// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>Messages of the TDX host code: KeyIDs, CMRs and module version are given, the rest is observed.</summary>
internal static class TdxLines
{
    public static LogFormat Format { get; } = new([.. KernelMessages.Needles], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        if (KernelMessages.Read(line) is not { } message)
            return LineResult.Unknown;

        var result = message.Template.Lacks is { } lacks ? LineResult.Malformed(lacks) : Take(message, boot);
        boot.Scenario.Observed.MentionsTdx |= result.IsKnown;
        return result;
    }

    private static LineResult Take(LogMessage message, BootLog boot)
    {
        var (machine, observed) = (boot.Scenario.Machine, boot.Scenario.Observed);
        var (first, end) = (message.First, message.Second);
        switch (message.Line)
        {
            case KernelLine.BiosEnabled when first < 1 || end < first:
            case KernelLine.Cmr when !message.IsClosed || end < first:
                return LineResult.Malformed(KernelMessages.Lacks(message.Line));
            case KernelLine.BiosEnabled:
                machine.KeyIds = new KeyIdPartition((uint)(first - 1), (uint)(end - first));
                return LineResult.Read;
            case KernelLine.Cmr:
                return BootLog.TryAdd(machine.Cmrs, new Cmr(first, end - first), Cmr.MaxSlots)
                    ? LineResult.Read
                    : LineResult.Malformed("at most 32 CMRs");
            case KernelLine.ModuleVersion:
                machine.Module = new ModuleVersion((int)first, (int)end);
                return LineResult.Read;
            case KernelLine.DisableS3 or KernelLine.SeamldrFailed:
                return LineResult.Read;

            // Remarks, which by themselves don't make a log one of a TDX host.
            case KernelLine.SeamcallRegistersLow or KernelLine.SeamcallRegistersHigh or KernelLine.TdmrsNearLimit:
            case KernelLine.NoLocalNode or KernelLine.MemoryNotInCmr or KernelLine.NoPlatform:
            case KernelLine.PackageNeedsCpu or KernelLine.DisableFailed:
            case KernelLine.XsaveMissing or KernelLine.Movdir64BMissing or KernelLine.SelfSnoopMissing:
            case KernelLine.NoRbpModMissing when !message.Template.IsReason:
                return LineResult.Unknown;
            default:
                observed.Add(message);
                return message.Line == KernelLine.OtherModuleLine ? LineResult.Unknown : LineResult.Read;
        }
    }
}
