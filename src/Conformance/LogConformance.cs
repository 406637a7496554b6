// SPDX-License-Identifier: MIT

using TdxVerify.Diagnosis;
using TdxVerify.Scenarios;

namespace TdxVerify.Conformance;

/// <summary>Holds predictions from a log's given lines against its observed ones: early ranges, PAMT size,
/// outcome.</summary>
internal static class LogConformance
{
    private const string Format = "kernel log";

    public static FileResult Judge(string path)
    {
        var explanation = Explanation.Of(LogReader.Read(path), ExplainOptions.None);
        LogCheck?[] all = [explanation.Boot, explanation.Pamt, explanation.Outcome];
        var checks = all.OfType<LogCheck>().ToArray();
        var failed = checks.Where(static a => !a.Agrees).ToArray();
        if (checks.Length == 0)
        {
            return NotApplicable(
                path, explanation.HasMemory
                    ? "no observed line to compare a prediction with"
                    : "nothing given to predict from");
        }

        var isCut = explanation.Completed.MapIsCut || explanation.DamagedLines > 0;
        if (failed.Length > 0 && isCut)
            return NotApplicable(path, "the log is cut: " + string.Join("; ", explanation.Incomplete));

        var differences = failed.Select(static a => new CaseDifference(a.What, a.Expected, a.Got)).ToArray();
        return new FileResult(
            path,
            $"{Format}: {string.Join(", ", checks.Select(static a => a.What))}",
            failed.Length > 0 ? FileVerdict.Disagrees : FileVerdict.Agrees,
            1,
            failed.Length > 0 ? 1 : 0,
            failed.Length > 0 ? [new CaseResult(0, "", differences, "")] : [],
            null);
    }

    private static FileResult NotApplicable(string path, string reason) =>
        new(path, Format, FileVerdict.NotApplicable, 0, 0, [], reason);
}
