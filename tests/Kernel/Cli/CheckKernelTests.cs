// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using TdxVerify.Tests.Kernel.Survival;

namespace TdxVerify.Tests.Kernel.Cli;

/// <summary>check --kernel, end to end.</summary>
public sealed class CheckKernelTests : IDisposable
{
    private readonly string _findings = Directory.CreateTempSubdirectory("tdxverify-findings-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_findings, recursive: true);

    [Fact]
    public void AnIntactKernelHasNothingButKnownIssues()
    {
        var (code, output, errors) = CommandProcess.Run("check", "--kernel", KernelSource.Require().Folder, "--cases", "3000", "--seed", "1", "--findings", _findings);
        Assert.Empty(errors);
        Assert.Equal(0, code);
        Assert.Matches(@"\n3000 cases, ([0-9]+) findings \(\1 known issues\), seed 1\n$", output);
        Assert.Empty(Directory.GetFiles(_findings));
    }

    [Fact]
    public void AFaultIsNamedAndOnDisk()
    {
        using var edited = Edits.Mutant("keyid-start-off-by-one");
        var (code, output, errors) = CommandProcess.Run("check", "--kernel", edited.Tree.Folder, "--cases", "3000", "--seed", "1", "--findings", _findings);
        Assert.Empty(errors);
        Assert.Equal(1, code);
        Assert.Contains("G5 violated: ", output, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(_findings));
        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.StartsWith("# G5: ", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonIsOneObjectOnOneLine()
    {
        using var edited = Edits.Mutant("keyid-start-off-by-one");
        var (code, output, _) = CommandProcess.Run("check", "--kernel", edited.Tree.Folder, "--cases", "3000", "--seed", "1", "--findings", _findings, "--json");
        Assert.Equal(1, code);
        using var json = JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
    }

    [Fact]
    public void ANameThatIsNoTreeIsBadInput()
    {
        var (code, output, errors) = CommandProcess.Run("check", "--kernel", "/nonexistent", "--cases", "10");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Equal(
            "tdxverify: /nonexistent: expected a kernel tree, DIR@REV, a tarball, a .deb, 'debian' or 'debian:SUITE', but there is no such file or folder\n",
            errors);
    }

    [Fact]
    public void ATreeThatDoesNotCompileIsNoFinding()
    {
        using var broken = Edits.Tree("mm/memblock.c", static text => text.Replace("int __init_memblock memblock_add(", "int 7 memblock_add(", StringComparison.Ordinal));
        var (code, output, errors) = CommandProcess.Run("check", "--kernel", broken.Tree.Folder, "--cases", "10");
        Assert.Equal(3, code);
        Assert.Empty(output);
        Assert.Matches(
            $"^tdxverify: can't compile {Regex.Escape(broken.Tree.Folder)}: mm/memblock\\.c:[0-9]+:[0-9]+: error: expected identifier or '\\(' before numeric constant; "
                + "does the tree itself compile\\? if it does, native/kernel does not know this yet: report it with the kernel's version\n$",
            errors);
    }

    [Fact]
    public void AgainstNeedsAKernel() => Assert.Equal(2, CommandProcess.Run("check", "--against", "/nonexistent", "--cases", "10").ExitCode);

    [Fact]
    public void CtrlCSumsUpAndLeavesNoProcess()
    {
        using var check = new CommandProcess("check", "--kernel", KernelSource.Require().Folder, "--cases", "1000000000", "--seed", "1", "--workers", "2", "--findings", _findings);
        Assert.True(SpinWait.SpinUntil(() => Children.Workers(check.Id).Count == 2, TimeSpan.FromMinutes(1)), "no workers");
        var workers = Children.Workers(check.Id);
        Thread.Sleep(TimeSpan.FromSeconds(5));
        var clock = Stopwatch.StartNew();
        check.Interrupt();
        var (code, output, errors) = check.End();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"{clock.Elapsed}");
        Assert.True(code == 130 && output.Length > 0, $"{clock.Elapsed}: exit code {code}: {errors}");
        Assert.Matches("\nknown issues: .*too-many-holes \\(A1, case [0-9]+\\)", output);
        Assert.Matches("interrupted after [1-9][0-9]* cases", errors);
        Assert.DoesNotContain(workers, static w => Directory.Exists($"/proc/{w}"));
    }

    [Fact]
    public void ASearchThatIsKilledSaysWhatItDid()
    {
        string[] arguments = ["--kernel", KernelSource.Require().Folder, "--strategy", "realistic", "--seed", "5", "--findings", _findings];
        using (var check = new CommandProcess("check", [.. arguments, "--cases", "1000000000", "--workers", "1"]))
        {
            Assert.True(SpinWait.SpinUntil(() => Children.Workers(check.Id).Count == 1, TimeSpan.FromMinutes(1)), "no worker");
            using var worker = Process.GetProcessById(Children.Workers(check.Id)[0]);
            Assert.True(SpinWait.SpinUntil(() => HasRun(worker), TimeSpan.FromMinutes(1)), "the worker does nothing");
            check.Kill();
            check.End();
        }

        var (code, _, errors) = CommandProcess.Run("check", [.. arguments, "--case", "7"]);
        Assert.Equal(0, code);
        Assert.Matches($"^tdxverify: a search was killed amid case [0-9]+; to run it alone: ./tdxverify check --kernel {Regex.Escape(KernelSource.Require().Folder)} --strategy realistic --seed 5 --case [0-9]+\n$", errors);
        Assert.Empty(CommandProcess.Run("check", [.. arguments, "--case", "7"]).Errors);
    }

    /// <summary>It has been at its cases for long, however slow the machine.</summary>
    private static bool HasRun(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime > TimeSpan.FromSeconds(2);
    }
}
