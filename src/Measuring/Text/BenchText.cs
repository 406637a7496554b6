// SPDX-License-Identifier: MIT

using TdxVerify.Reporting;

namespace TdxVerify.Measuring.Text;

/// <summary>Figures as a person reads them.</summary>
public static class BenchText
{
    /// <summary>How the stages were told apart.</summary>
    public const string Method =
        "lines of one stage more each take turns over the same cases, and a stage is the difference of two; "
        + "the module is the run with it less the run with its recorded answers; least of 5 rounds, processor time";

    public static IEnumerable<ReportLine> Write(BenchFigures figures)
    {
        var (pipeline, mix) = (figures.Pipeline, figures.Mix);
        yield return new ReportLine(
            $"pipeline    {pipeline.CasesPerCpuSecond:n0} cases per CPU-second, {pipeline.BytesPerCase:n0} bytes "
                + $"allocated a case (one thread, {pipeline.Cases:n0} cases of seed {figures.Seed}, median of 3 runs)",
                    Tone.Heading);
        yield return new ReportLine(
            $"mix         {mix.Regions:n1} regions and {mix.Seamcalls:n1} SEAMCALLs a case; TDH.SYS.TDMR.INIT does "
                + $"a whole TDMR in {mix.WholeTdmrInit:p1} of cases, else 4 MiB");
        yield return new ReportLine(
            "stages      " + string.Join(", ", figures.Stages.Select(static s => $"{s.Name} {s.Share:p1}")));
        yield return new ReportLine(
            "  ns a case " + string.Join(", ", figures.Stages.Select(static s => $"{s.Name} {s.Nanoseconds:n0}")));
        yield return new ReportLine("  how       " + Method, Tone.Note);
        yield return new ReportLine($"generator   {figures.GeneratorNanoseconds:n0} ns a scenario");
        foreach (var row in figures.ListBuild)
        {
            yield return new ReportLine(
                $"list build  {row.Regions,7:n0} regions  {row.Nanoseconds:n2} ns/region, copy "
                    + $"{row.CopyNanoseconds:n2}: {row.Ratio:n1} times");
        }
    }
}
