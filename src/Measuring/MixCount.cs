// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Properties.Generation;
using TdxVerify.Subjects;

namespace TdxVerify.Measuring;

/// <summary>What the first cases of a seed are like: figures of two runs compare when these are the same.</summary>
internal static class MixCount
{
    private const int Cases = 8192;

    public static MixFigures Run(ulong seed)
    {
        var generator = new ScenarioGenerator(Strategy.Mixed);
        var subject = new ModelHost(KernelPolicy.Merged, Modules.Reloaded());
        var scenario = new Scenario();
        long regions = 0;
        long seamcalls = 0;
        long whole = 0;
        for (ulong index = 0; index < Cases; index++)
        {
            generator.Fill(scenario, seed, index);
            var trace = subject.Run(scenario).Trace;
            regions += trace.SnapshotAfter(0).Memory.Length;
            seamcalls += trace.Seamcalls;
            whole += scenario.Choices.TdmrInitStep == 0 ? 1 : 0;
        }

        return new MixFigures(Cases, Mean(regions), Mean(seamcalls), Mean(whole));
    }

    private static double Mean(long sum) => sum / (double)Cases;
}
