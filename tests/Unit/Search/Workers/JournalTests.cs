// SPDX-License-Identifier: MIT

using TdxVerify.Search.Workers;

namespace TdxVerify.Tests.Unit.Search.Workers;

/// <summary>What a worker notes is what its parent reads, in another mapping of the same file.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "tdxverify-journal-" + Guid.NewGuid().ToString("N"));
    private readonly Journal _worker;
    private readonly Journal _parent;

    public JournalTests()
    {
        _parent = new Journal(_path);
        _worker = new Journal(_path);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _parent.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void ANewOneIsIdle()
    {
        Assert.Null(_parent.Case);
        Assert.False(_parent.IsTrying);
        Assert.Equal(0UL, _parent.Heartbeat);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void ACaseIsSeenWhileItRuns(ulong number)
    {
        _worker.Begin(number);
        Assert.Equal(number, _parent.Case);
        Assert.False(_parent.IsTrying);
        _worker.End();
        Assert.Null(_parent.Case);
    }

    [Fact]
    public void ATrialIsNoCase()
    {
        _worker.Begin(7);
        _worker.End();
        _worker.BeginTrial();
        Assert.Null(_parent.Case);
        Assert.True(_parent.IsTrying);
        _worker.End();
        Assert.False(_parent.IsTrying);
    }

    [Fact]
    public void EverythingThatIsNotedIsAHeartbeat()
    {
        _worker.Begin(1);
        _worker.End();
        _worker.BeginTrial();
        _worker.End();
        Assert.Equal(4UL, _parent.Heartbeat);
    }

    [Fact]
    public void TheLastCaseOutlivesTheWorker()
    {
        using (var worker = new Journal(_path))
        {
            worker.Begin(41);
        }

        Assert.Equal(41UL, _parent.Case);
    }

    [Fact]
    public void TheSearchIsReadBack()
    {
        _worker.Search = "check --seed 1 ü";
        Assert.Equal("check --seed 1 ü", _parent.Search);
        Assert.Null(_parent.Case);
    }

    [Fact]
    public void ALongCommandLineIsCut()
    {
        _worker.Begin(3);
        _worker.Search = new string('x', 10_000);
        Assert.InRange(_parent.Search.Length, 4000, 4096);
        Assert.Equal(3UL, _parent.Case);
    }
}
