// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Tests.Unit.Search;

/// <summary>A search makes millions of cases: all its memory is used again.</summary>
public sealed class SearchAllocationTests
{
    private const ulong Cases = 5000;

    private readonly Scenario _scenario = new();
    private readonly CaseJudge _judge = new(KernelPolicy.Merged);
    private readonly CoverageCount _coverage = new();

    [Theory]
    [InlineData(Strategy.Realistic)]
    [InlineData(Strategy.Adversarial)]
    public void ACaseAllocatesNothing(Strategy strategy)
    {
        var generator = new ScenarioGenerator(strategy);
        RunAll(generator);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RunAll(generator);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void RunAll(ScenarioGenerator generator)
    {
        for (ulong index = 0; index < Cases; index++)
        {
            var strategy = generator.Fill(_scenario, 1, index);
            _judge.Run(_scenario);
            _coverage.Count(strategy, _judge.Facts);
            _judge.Judge(0, withMetamorphic: false);
        }
    }
}
