// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Search;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Unit.Subjects.Transcript;

/// <summary>
/// What a new subject takes: a transport and an <see cref="IHost"/> over it. Driver, properties and judge are those of
/// every other subject.
/// </summary>
public sealed class TranscriptHostTests
{
    private const ulong Listed = 0x1_0000_0000;
    private const ulong Added = 0x2_0000_0000;
    private const ulong Size = 0x800_0000;

    private const string Sound = """
        boot -> 0x20+0x20
        add 0x200000000+0x8000000 -> 0
        enable -> 0
        memlist -> 0x100000+0x7ff00000 0x100000000+0x80000000
        going-online 0x100000000+0x8000000 -> NOTIFY_OK
        going-online 0x200000000+0x8000000 -> NOTIFY_BAD
        enable -> 0
        """;

    private static Scenario Usual => Of(
        Step.OnMemory(StepKind.AddMemory, Added, Size), Step.Enable, Online(Listed), Online(Added), Step.Enable);

    [Fact]
    public void ItsTraceIsMadeByTheDriverOfEverySubject()
    {
        var trace = new SubjectDriver(new TranscriptHost(Sound)).Run(Usual);
        Assert.Equal([0, 0, 0, -Errno.Eperm, 0], trace.Steps.ToArray().Select(static s => s.Result));
        Assert.Equal(Usual.Steps, trace.Steps.ToArray().Select(static s => s.Step));
        Assert.Equal([0, 0, 2, 2, 2, 2], Enumerable.Range(0, 6).Select(i => trace.SnapshotAfter(i).Memlist.Length));
        Assert.Empty(trace.Skipped);
    }

    [Fact]
    public void ATranscriptOfWhatMustBeViolatesNothing() => Assert.Empty(Judge(Sound, Usual));

    [Fact]
    public void AStepThatItCannotTakeIsSkippedAndNoPropertyMinds()
    {
        var check = Step.At(StepKind.MachineCheck, Listed);
        var plug = Step.OnMemory(StepKind.PlugDimm, Added + Size, Size);
        var scenario = Usual;
        scenario.Steps.Insert(2, plug);
        scenario.Steps.Insert(0, check);
        var trace = new SubjectDriver(new TranscriptHost(Sound)).Run(scenario);
        Assert.Equal([check, plug], trace.Skipped);
        Assert.Equal(Usual.Steps, trace.Steps.ToArray().Select(static s => s.Step));
        Assert.Empty(Judge(Sound, scenario));
    }

    [Fact]
    public void ANotifierThatAcceptsMemoryOutsideTheListIsFound()
    {
        var violation = Assert.Single(Judge(Sound.Replace("NOTIFY_BAD", "NOTIFY_OK", StringComparison.Ordinal), Usual));
        Assert.Equal(("H1", 4), (violation.Property, violation.Verdict.Step));
        Assert.Equal((Added, Size), (violation.Verdict.Range.Start, violation.Verdict.Range.Size));
    }

    [Fact]
    public void ANotifierThatRefusesMemoryOfTheListIsFound()
    {
        var violation = Assert.Single(Judge(Sound.Replace("NOTIFY_OK", "NOTIFY_BAD", StringComparison.Ordinal), Usual));
        Assert.Equal(("H3", 3), (violation.Property, violation.Verdict.Step));
    }

    [Fact]
    public void ASecondEnableThatReturnsWhatItMustNotIsFound()
    {
        var scenario = Of(Step.Enable, Step.Enable);
        scenario.Faults.HibernationAvailable = true;
        Assert.Empty(Judge("boot\nenable -> -19\nenable -> -19", scenario));
        var violation = Assert.Single(Judge("boot\nenable -> -19\nenable -> -22", scenario));
        Assert.Equal(("G7", 2), (violation.Property, violation.Verdict.Step));
        Assert.Equal((-19, -22), ((int)violation.Verdict.Expected, (int)violation.Verdict.Got));
    }

    /// <summary>Without its list the same notifier can't be judged; what is told all the same is.</summary>
    [Fact]
    public void WhatItDoesNotObserveIsNotJudged()
    {
        var lines = Sound.Replace("NOTIFY_BAD", "NOTIFY_OK", StringComparison.Ordinal).Split('\n');
        var blind = string.Join('\n', lines.Where(static l => !l.StartsWith("memlist", StringComparison.Ordinal)));
        Assert.Equal(Observes.Memlist, new TranscriptHost(Sound).Observes);
        Assert.Equal(Observes.None, new TranscriptHost(blind).Observes);
        Assert.Empty(Judge(blind, Usual));
        var wrongKeyId = blind.Replace("0x20+", "0x21+", StringComparison.Ordinal);
        Assert.Equal("G5", Assert.Single(Judge(wrongKeyId, Usual)).Property);
    }

    [Theory]
    [InlineData("boot\n\nadd 0x1000+0x1000 -> 0", "line 3: 'add 0x1000+0x1000' is next, but the call is 'enable'")]
    [InlineData("boot", "it ends, but the call is 'enable'")]
    [InlineData("boot\nenable -> yes", "line 2: 'yes' is no result")]
    [InlineData("enable -> 0", "line 1: 'enable' is next, but the call is 'boot'")]
    public void AnotherCallThanItsNextIsToldInOneLine(string text, string expected)
    {
        var driver = new SubjectDriver(new TranscriptHost(text));
        var problem = Assert.Throws<InvalidDataException>(() => driver.Run(Of(Step.Enable)));
        Assert.EndsWith(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    private static Step Online(ulong address) => Step.GoingOnline(address >> 12, Size >> 12);

    private static Scenario Of(params Step[] steps)
    {
        var scenario = new Scenario();
        scenario.Steps.AddRange(steps);
        return scenario;
    }

    private static IReadOnlyList<Violation> Judge(string transcript, Scenario scenario)
    {
        var judge = new CaseJudge(() => new TranscriptHost(transcript), MergedChoices.All, []);
        judge.Run(scenario);
        return judge.Judge(index: 0, withMetamorphic: true);
    }
}
