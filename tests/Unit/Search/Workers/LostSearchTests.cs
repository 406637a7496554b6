// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TdxVerify.Search.Workers;

namespace TdxVerify.Tests.Unit.Search.Workers;

/// <summary>Journals of searches that are gone are read once; those of living ones are left alone.</summary>
public sealed class LostSearchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-lost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ARunningCaseIsToldOnce()
    {
        Leave(Gone(), static j => j.Begin(7));
        Assert.Equal(new LostSearch("check --seed 1", 7), Assert.Single(LostSearch.Take(_folder)));
        Assert.Empty(LostSearch.Take(_folder));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void AShrinkIsTold()
    {
        Leave(Gone(), static j => j.BeginTrial());
        Assert.Equal(new LostSearch("check --seed 1", null), Assert.Single(LostSearch.Take(_folder)));
    }

    [Fact]
    public void AnIdleOneIsTidiedAway()
    {
        Leave(Gone(), static j => j.End());
        Assert.Empty(LostSearch.Take(_folder));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void ALivingSearchIsLeftAlone()
    {
        Leave(Environment.ProcessId, static j => j.Begin(7));
        Assert.Empty(LostSearch.Take(_folder));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void OtherFilesAndNoFolderAreNothing()
    {
        File.WriteAllText(Path.Combine(_folder, "notes"), "mine");
        Assert.Empty(LostSearch.Take(_folder));
        Assert.Single(Directory.GetFiles(_folder));
        Assert.Empty(LostSearch.Take(Path.Combine(_folder, "none")));
    }

    private static int Gone()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        return process.Id;
    }

    private void Leave(int owner, Action<Journal> state)
    {
        using var journal = new Journal(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{owner}-1"))) { Search = "check --seed 1" };
        state(journal);
    }
}
