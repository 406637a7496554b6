// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Programs that end well, fail, are missing or are killed.</summary>
public sealed class ChildProcessTests
{
    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(20);

    [Fact]
    public void ArgumentsArriveAsTheyAre() => Assert.Equal("$HOME *|'\n", Run("printf", "%s\n", "$HOME *|'"));

    [Fact]
    public void InputIsEmptyAndMessagesAreEnglish() => Assert.Equal("C\n", Run("sh", "-c", "cat; echo $LC_ALL"));

    [Fact]
    public void WhatFailsSaysWhy()
    {
        Assert.Equal("sh failed: no luck", Failure("sh", "-c", "echo 'warning: old' >&2; echo no luck >&2; exit 3"));
        Assert.Equal("sh failed: E: no network", Failure("sh", "-c", "echo noise >&2; echo 'W: old' >&2; echo 'E: no network' >&2; exit 3"));
        Assert.Equal("sh failed: exit code 3", Failure("sh", "-c", "exit 3"));
    }

    [Fact]
    public void WhatIsMissingIsToBeInstalled()
    {
        var problem = Assert.Throws<KernelTreeException>(() => Run("no-such-program"));
        Assert.Equal("no-such-program was not found: install it", problem.Message);
        Assert.True(problem.IsProgramMissing);
    }

    [Fact]
    public void OutputIsBounded()
    {
        Assert.Equal(ChildProcess.MaxOutput, Run("head", "-c", "10000000", "/dev/zero").Length);
        Assert.True(Failure("sh", "-c", "head -c 10000000 /dev/zero >&2; exit 1").Length < ChildProcess.MaxErrors + 100);
    }

    [Fact]
    public void ATokenKillsTheProgramAndWhatItStarted()
    {
        using var place = new Workplace();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(
            () => ChildProcess.Run("sh", ["-c", "sleep 60 & echo $! >child; wait"], source.Token, place.Folder));
        Assert.True(clock.Elapsed < HangTimeout);
        var state = "/proc/" + File.ReadAllText(place.At("child")).Trim() + "/stat";
        // Nobody may be there to bury it: a zombie is dead.
        SpinWait.SpinUntil(() => !File.Exists(state) || File.ReadAllText(state).Contains(") Z", StringComparison.Ordinal), HangTimeout);
        Assert.True(!File.Exists(state) || File.ReadAllText(state).Contains(") Z", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsCancelledIsNotEvenStarted()
    {
        using var place = new Workplace();
        Assert.Throws<OperationCanceledException>(() => ChildProcess.Run("touch", ["file"], new CancellationToken(canceled: true), place.Folder));
        Assert.False(File.Exists(place.At("file")));
    }

    [Fact]
    public async Task AnInterruptThatTheProgramGotFirstIsNoFailure()
    {
        using var source = new CancellationTokenSource();
        var late = Task.Run(async () =>
        {
            await Task.Delay(200);
            await source.CancelAsync();
        });
        Assert.Throws<OperationCanceledException>(() => ChildProcess.Run("sh", ["-c", "kill -INT $$"], source.Token));
        await late;
    }

    private static string Run(string program, params string[] arguments) => ChildProcess.Run(program, arguments, CancellationToken.None);

    private static string Failure(string program, params string[] arguments) =>
        Assert.Throws<KernelTreeException>(() => Run(program, arguments)).Message;
}
