// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Cli;

/// <summary>The entry script builds when its sources are not those of what was built, and only then.</summary>
public sealed class BuildOnDemandTests : IDisposable
{
    private readonly SmallTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void AFreshTreeIsBuiltOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            var result = _tree.Run();
            Assert.Equal((0, "run\n"), (result.ExitCode, result.Output));
        }

        Assert.Equal(1, _tree.Builds);
    }

    [Theory]
    [InlineData("echo more >>src/Cli/Program.cs")]
    [InlineData("echo more >>native/kernel/env.c")]
    [InlineData("echo more >>.editorconfig")]
    [InlineData("echo more >>Directory.Build.props")]
    [InlineData("echo more >src/Model/More.cs")]
    [InlineData("rm src/Model/Size.cs")]
    [InlineData("rm global.json")]
    [InlineData("rm -r native")]
    [InlineData("mv src/Model/Size.cs src/Model/Sizes.cs")]
    [InlineData("touch -d 2001-01-01 older && mv older src/Model/Size.cs")]
    [InlineData("rm artifacts/current")]
    public void AChangeIsBuiltOnce(string change)
    {
        _tree.Run();
        _tree.Run();
        var before = _tree.Builds;
        _tree.Bash(change);
        _tree.Run();
        _tree.Run();
        Assert.Equal(before + 1, _tree.Builds);
    }

    [Theory]
    [InlineData("echo more >>src/Cli/Program.cs")]
    [InlineData("rm src/Model/Size.cs")]
    public void AChangeDuringABuildIsBuilt(string change)
    {
        _tree.DuringBuild(change);
        _tree.Run();
        _tree.Run();
        Assert.Equal(2, _tree.Builds);
        _tree.Run();
        Assert.Equal(2, _tree.Builds);
    }

    [Theory]
    [InlineData("exit 1", 3)]
    [InlineData("kill -KILL $PPID", 137)]
    public void ABuildThatDidNotEndIsDoneAgain(string end, int exitCode)
    {
        _tree.DuringBuild(end);
        var broken = _tree.Run();
        Assert.Equal((exitCode, ""), (broken.ExitCode, broken.Output));
        Assert.Equal("run\n", _tree.Run().Output);
        Assert.Equal(2, _tree.Builds);
    }

    [Fact]
    public void AFailedBuildLeavesTheChangeToTheNextRun()
    {
        _tree.Run();
        _tree.Run();
        _tree.Bash("echo more >>src/Cli/Program.cs");
        var before = _tree.Builds;
        _tree.DuringBuild("exit 1");
        Assert.Equal(3, _tree.Run().ExitCode);
        Assert.Equal(0, _tree.Run().ExitCode);
        Assert.Equal(before + 2, _tree.Builds);
    }
}
