// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Reporting;

/// <summary>How much of a file ran, and why the rest did not.</summary>
public static class CodeCoverageText
{
    private const int LinesOfAWarning = 3;
    private const double Percent = 100;

    private const string Lock = "a way of the harness's own lock, for who releases what he does not hold (K7)";

    // Why no case can get there; the first that fits counts.
    private static readonly (string Function, string Reason)[] Reasons =
    [
        ("tdx_enable", "tdx_cpu_enable() refuses first, as it does for every caller"),
        ("try_init_module_global", Lock),
        ("ack_state", Lock),
        ("seamldr_call", "the driver offers no update on CPUs with that bug; the lock's own ways are the harness's"),
        ("paddr_is_tdx_private", "no scenario has a running guest, whose pages alone are of another type"),
        ("tdx_dump_mce_info", "every machine check of a scenario reports a memory error with an address"),
        ("record_keyid_partitioning", "the MSR can be read on every machine of a scenario"),
        ("rsvd_area_cmp_func", "reserved areas overlap on no machine, so that one of the two tests holds"),
    ];

    public static IEnumerable<ReportLine> Write(CodeCoverage coverage)
    {
        var functions = coverage.Functions;
        var missedBranches = functions.Sum(static f => f.MissedBranches.Count);
        yield return new ReportLine(string.Create(CultureInfo.InvariantCulture,
            $"{coverage.File}: lines "
                + $"{Share(functions.Sum(static f => f.Lines), functions.Sum(static f => f.MissedLines.Count))}, "
                + $"branches {Share(functions.Sum(static f => f.Branches), missedBranches)}"), Tone.Heading);
        if (coverage.Guests > 0)
        {
            yield return new ReportLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {coverage.Guests} functions of guests' leaves, which nobody calls here, are not counted"),
                Tone.Note);
        }

        foreach (var function in functions)
        {
            yield return new ReportLine(
                $"  {function.Name,-32} lines {Share(function.Lines, function.MissedLines.Count),-18} branches "
                    + $"{Share(function.Branches, function.MissedBranches.Count)}");
        }

        foreach (var function in functions)
        {
            foreach (var line in function.MissedLines.Concat(function.MissedBranches).Distinct().Order())
            {
                var what = function.MissedLines.Contains(line) ? "never ran" : "one way only";
                yield return new ReportLine($"  {line,6}: {what}: {coverage.Source[line - 1].Trim()}");
                yield return new ReportLine($"          {Reason(coverage, function.Name, line)}", Tone.Note);
            }
        }
    }

    private static string Share(int all, int missed) => all == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{Percent * (all - missed) / all:f1} % of {all}");

    private static string Reason(CodeCoverage coverage, string function, int line)
    {
        for (var at = line; at > 0 && at > line - LinesOfAWarning; at--)
        {
            if (coverage.Source[at - 1].Contains("WARN_ON", StringComparison.Ordinal))
                return "a WARN that guards what no legal machine does (K3)";
        }

        var known = Array.Find(Reasons, r => r.Function == function);
        return known.Reason
            ?? (coverage.Source[line - 1].Contains("switch (", StringComparison.Ordinal)
                || coverage.Source[line - 1].Contains("default:", StringComparison.Ordinal)
                || coverage.Source[Math.Max(0, line - 3)].Contains("default:", StringComparison.Ordinal)
            ? "the switch names every value that there is"
            : "no case got there; no reason is known: more cases may");
    }
}
