// SPDX-License-Identifier: MIT

using TdxVerify.Reporting;
using TdxVerify.Search;

namespace TdxVerify.Measuring.Text;

/// <summary>Figures of a kernel as a person reads them.</summary>
public static class KernelText
{
    private const double NanosecondsPerSecond = 1e9;

    public static IEnumerable<ReportLine> Write(KernelFigures figures)
    {
        var keys = figures.HasProtectionKeys ? "protection keys" : "mprotect(): the processor has no protection keys";
        yield return new ReportLine(
            $"kernel      {figures.Name}, cases per CPU-second of one worker; least of several rounds of 4,096 "
                + $"cases of seed 1 that take turns", Tone.Heading);
        yield return Line("C loop", figures.Loop, figures.Loop, "accept-all module, nothing recorded or judged", null);
        yield return Line(
            "full path", figures.Full, figures.Loop, "simulated module, all invariants", KernelFigures.Target);
        yield return Line(
            "as check", figures.WithReference, figures.Loop, "relations and the reference besides", null);
        yield return Line(
            "sanitized", figures.Sanitized, figures.Loop, "full path with AddressSanitizer and UBSan",
            KernelFigures.SanitizedTarget);
        yield return new ReportLine(
            $"  guard     "
                + $"{keys}, "
                + $"guard pages with mprotect(); both in one case of {CampaignPlan.GuardedShare}");
    }

    private static ReportLine Line(string what, double nanoseconds, double loop, string how, double? target) => new(
        $"  {what,-10}{NanosecondsPerSecond / nanoseconds,9:n0}  {loop / nanoseconds:n2} of the loop  "
            + $"({how}{(target is { } wanted ? $"; target: {wanted:n2}" : "")})");
}
