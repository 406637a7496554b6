// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>What the property tests here expect of FsCheck.Xunit.</summary>
/// <param name="output">That a property's class can have it is part of the promise.</param>
public sealed partial class StandInTests(ITestOutputHelper output)
{
    [Property]
    public bool APropertyIsATestOfTheSuite(int n)
    {
        output.WriteLine("{0}", n);
        return n == n + 0;
    }

    [Theory]
    [InlineData(nameof(StandInSamples.True))]
    [InlineData(nameof(StandInSamples.TrueWithoutResult))]
    [InlineData(nameof(StandInSamples.TrueAsProperty))]
    [InlineData(nameof(StandInSamples.TrueLater))]
    [InlineData(nameof(StandInSamples.TrueStatic))]
    [InlineData(nameof(StandInSamples.SizeSeven))]
    [InlineData(nameof(StandInSamples.FirstArbitraryWins))]
    public async Task ATruePropertyPassesAndSaysHowOften(string property)
    {
        var run = await Sample(property);
        Assert.Null(run.Failure);
        Assert.True(run.HasPassed);
        Assert.StartsWith("Ok, passed 100 tests", run.Output);
    }

    [Fact]
    public async Task AFalsePropertyShrinksToTheSmallestCase()
    {
        var run = await NestedRun.Of(AttributedClass.With<BelowTwenty>("EndSize", 100), nameof(BelowTwenty.Below));
        Assert.False(run.HasPassed);
        Assert.StartsWith("FsCheck.Xunit.PropertyFailedException: ", run.Failure);
        Assert.Contains("Falsifiable, after ", run.Failure);
        Assert.Equal("20", SmallestArguments(run));
        Assert.Equal("(15, 10)", SmallestArguments(await Sample(nameof(StandInSamples.TwoBelow))));
        Assert.Equal("20", SmallestArguments(await Sample(nameof(StandInSamples.FalseLater))));
    }

    [Fact]
    public async Task ThePrintedSeedRepeatsTheRunAndTheFailingCase()
    {
        var first = await NestedRun.Of(AttributedClass.With<BelowTwenty>("MaxTest", 100), nameof(BelowTwenty.Below));
        var seed = RunSeed().Match(first.Failure!).Groups[1].Value;
        var again = await NestedRun.Of(AttributedClass.With<BelowTwenty>("Replay", seed), nameof(BelowTwenty.Below));
        Assert.Equal(first.Failure, again.Failure);

        var step = StepSeed().Match(first.Failure!).Groups[1].Value;
        foreach (var text in new[] { step, $"({step})", $" {step} " })
        {
            var direct = await NestedRun.Of(AttributedClass.With<BelowTwenty>("Replay", text), nameof(BelowTwenty.Below));
            Assert.Contains("Falsifiable, after 1 test (", direct.Failure);
            Assert.Equal(Arguments(first), Arguments(direct));
        }
    }

    [Fact]
    public async Task AnExceptionFalsifiesAndIsReported()
    {
        var now = await Sample(nameof(StandInSamples.Throws));
        Assert.Contains("Falsifiable, after 1 test", now.Failure);
        Assert.Contains("System.InvalidOperationException: no 0 today", now.Failure);
        var later = await Sample(nameof(StandInSamples.ThrowsLater));
        Assert.Contains("Falsifiable, after 1 test", later.Failure);
        Assert.Contains("no 0 later", later.Failure);
    }

    [Fact]
    public async Task TooManyRejectedCasesFail()
    {
        var run = await NestedRun.Of(typeof(StandInSamples.CountedRejected), nameof(StandInSamples.CountedRejected.Reject));
        Assert.Contains("Arguments exhausted after 0 tests", run.Failure);
        Assert.Equal(13, StandInSamples.CountedRejected.Calls);
    }

    [Fact]
    public async Task MaxTestIsHonouredInOneInstance()
    {
        var run = await NestedRun.Of(typeof(StandInSamples.Counted), nameof(StandInSamples.Counted.Call));
        Assert.StartsWith("Ok, passed 37 tests.", run.Output);
        Assert.Equal(
            [1, 37, 1],
            [StandInSamples.Counted.Made, StandInSamples.Counted.Calls, StandInSamples.Counted.Disposed]);
    }

    [Fact]
    public async Task ParallelCasesMeetAndAreAllRun()
    {
        var run = await NestedRun.Of(typeof(StandInSamples.CountedInParallel), nameof(StandInSamples.CountedInParallel.Meet));
        Assert.Null(run.Failure);
        Assert.StartsWith("Ok, passed 50 tests.", run.Output);
        Assert.Equal(50, StandInSamples.CountedInParallel.Calls);
    }

    [Fact]
    public async Task SettingsOfAMethodGoBeforeThoseOfItsClasses()
    {
        var ofClass = await NestedRun.Of(typeof(StandInSamples.WithSettings), nameof(StandInSamples.WithSettings.OfTheClass));
        Assert.StartsWith("Ok, passed 11 tests.", ofClass.Output);
        var ofMethod = await NestedRun.Of(typeof(StandInSamples.WithSettings), nameof(StandInSamples.WithSettings.OfTheMethod));
        Assert.StartsWith("Ok, passed 5 tests.", ofMethod.Output);
        var ofBoth = await NestedRun.Of(typeof(StandInSamples.WithSettings.Inside), nameof(StandInSamples.WithSettings.Inside.OfBoth));
        Assert.StartsWith("Ok, passed 11 tests.", ofBoth.Output);
    }

    [Fact]
    public async Task SettingsOfAnAssemblyHoldForItsProperties()
    {
        var arbitrary = AttributedClass.InAssemblyWith<BelowTwenty>("Arbitrary", new[] { typeof(StandInSamples.Hundred) });
        var run = await NestedRun.Of(arbitrary, nameof(BelowTwenty.Below));
        Assert.Contains("Falsifiable, after 1 test (0 shrinks)", run.Failure);
        Assert.Contains("100", Arguments(run));
    }

    [Fact]
    public async Task WhatIsWrittenIsUpToTheSettings()
    {
        Assert.Equal("", (await Sample(nameof(StandInSamples.Quiet))).Output);
        var verbose = (await Sample(nameof(StandInSamples.Verbose))).Output.ReplaceLineEndings("\n");
        Assert.Equal("0:\n100\n1:\n100\n2:\n100\nOk, passed 3 tests.\n", verbose);
    }

    [Fact]
    public async Task ASkippedPropertySaysWhy()
    {
        var run = await Sample(nameof(StandInSamples.Skipped));
        Assert.Equal("not today", run.SkipReason);
        Assert.Null(run.Failure);
    }

    [Fact]
    public async Task ATypeWithoutGeneratorIsNamed()
    {
        var run = await Sample(nameof(StandInSamples.NoGenerator));
        Assert.Contains(nameof(IDisposable), run.Failure);
        output.WriteLine(run.Failure!);
    }

    [Theory]
    [InlineData(nameof(StandInSamples.MaxTestZero), "MaxTest is 0: it must be at least 1.")]
    [InlineData(nameof(StandInSamples.MaxRejectedZero), "MaxRejected is 0: it must be at least 1.")]
    [InlineData(nameof(StandInSamples.StartSizeBelowZero), "StartSize is -1: it must be at least 0.")]
    [InlineData(nameof(StandInSamples.EndSizeBelowZero), "EndSize is -5: it must be at least 0.")]
    [InlineData(nameof(StandInSamples.ParallelismZero), "Parallelism is 0: it must be at least 1.")]
    [InlineData(nameof(StandInSamples.AsyncVoid), "The property is async void: nobody would see it fail. It must return a Task.")]
    public async Task WhatMakesNoSenseFailsWithOneLine(string property, string line) =>
        Assert.Equal("FsCheck.Xunit.PropertyFailedException: " + line, (await Sample(property)).Failure);

    [Theory]
    [InlineData("12")]
    [InlineData("12,")]
    [InlineData("12,14")]
    [InlineData("12,13,-1")]
    [InlineData("12,13,14,15")]
    [InlineData("twelve,13")]
    public async Task ABadReplayFailsWithOneLine(string replay) => Assert.Equal(
        $"FsCheck.Xunit.PropertyFailedException: Replay is \"{replay}\": it must be \"seed,gamma\" or \"seed,gamma,size\" with an odd gamma.",
        (await NestedRun.Of(AttributedClass.With<BelowTwenty>("Replay", replay), nameof(BelowTwenty.Below))).Failure);

    private static Task<NestedRun> Sample(string property) => NestedRun.Of(typeof(StandInSamples), property);

    private static string Arguments(NestedRun run) =>
        run.Failure!.ReplaceLineEndings("\n") is var text ? text[text.IndexOf("Original:\n", StringComparison.Ordinal)..] : "";

    private static string SmallestArguments(NestedRun run) => LastArguments().Match(Arguments(run)).Groups[1].Value;

    [GeneratedRegex(@"shrinks?\) \((\d+,\d+)\)")]
    private static partial Regex RunSeed();

    [GeneratedRegex(@"Replay directly at failing step with \((\d+,\d+,\d+)\)")]
    private static partial Regex StepSeed();

    // A case that is the smallest by luck has no part of its own for what it shrank to.
    [GeneratedRegex(@"(?:Original|Shrunk):\n(.+)\n(?!Shrunk)")]
    private static partial Regex LastArguments();
}
