// SPDX-License-Identifier: MIT

namespace TdxVerify.Measuring;

/// <summary>The whole pipeline, as check runs it on one thread.</summary>
/// <param name="BytesPerCase">Bytes allocated per case, those of the first cases not counted.</param>
public readonly record struct PipelineFigures(ulong Cases, double CasesPerCpuSecond, double BytesPerCase);

/// <summary>What the cases were like, on average.</summary>
/// <param name="Regions">Regions of memblock.memory after boot.</param>
/// <param name="WholeTdmrInit">Share of cases in which one TDH.SYS.TDMR.INIT does a whole TDMR.</param>
public readonly record struct MixFigures(int Cases, double Regions, double Seamcalls, double WholeTdmrInit);

/// <summary>One stage of the pipeline.</summary>
public readonly record struct StageFigure(string Name, double Nanoseconds, double Share);

/// <summary>The list-build path beside a copy of the same bytes.</summary>
public readonly record struct ListBuildFigures(int Regions, double Nanoseconds, double CopyNanoseconds)
{
    public double Ratio => Nanoseconds / CopyNanoseconds;
}

/// <summary>All figures of a run.</summary>
/// <param name="GeneratorNanoseconds">Processor time of a scenario that is generated and not run.</param>
public sealed record BenchFigures(
    ulong Seed,
    PipelineFigures Pipeline,
    MixFigures Mix,
    IReadOnlyList<StageFigure> Stages,
    double GeneratorNanoseconds,
    IReadOnlyList<ListBuildFigures> ListBuild)
{
    /// <summary>Measures everything, on this thread.</summary>
    /// <param name="time">How long each part is measured.</param>
    public static BenchFigures Measure(TimeSpan time)
    {
        const ulong Seed = 1;
        var pipeline = PipelineMeasure.Run(Seed, time);
        var mix = MixCount.Run(Seed);
        return new BenchFigures(
            Seed, pipeline, mix, new StageMeasure(Seed)
                .Run(time), GeneratorMeasure.Run(Seed, time), ListBuildMeasure.Run(time));
    }
}
