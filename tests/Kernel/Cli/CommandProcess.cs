// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Cli;

/// <summary>The program beside these tests, run as a user does, in a process group of its own.</summary>
internal sealed class CommandProcess : IDisposable
{
    private static readonly TimeSpan HangTimeout = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    /// <summary>Starts a command with arguments.</summary>
    public CommandProcess(string command, params string[] arguments)
    {
        string[] program = [.. KernelSearch.Worker().Command.SkipLast(1), command, .. arguments];
        var start = new ProcessStartInfo("setsid", program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_CACHE_HOME"] = BuildFolder.Caches;
        start.Environment["TMPDIR"] = BuildFolder.Temporary;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its number, and that of its group.</summary>
    public int Id => _process.Id;

    /// <summary>Runs a command to its end.</summary>
    public static (int ExitCode, string Output, string Errors) Run(string command, params string[] arguments)
    {
        using var process = new CommandProcess(command, arguments);
        return process.End();
    }

    /// <summary>A signal to the whole group, as a terminal sends Ctrl-C.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>A signal to the program alone, as timeout(1) and an init system send it.</summary>
    public void Terminate() => Send("TERM", Id);

    /// <summary>Ends the whole group at once, as an OOM killer or a power switch does.</summary>
    public void Kill() => Signal("KILL");

    /// <summary>Waits for the end.</summary>
    public (int ExitCode, string Output, string Errors) End()
    {
        Assert.True(_process.WaitForExit(HangTimeout), "it hangs");
        return (_process.ExitCode, _output.Result, _errors.Result);
    }

    private void Signal(string name) => Send(name, -Id);

    private static void Send(string name, int receiver)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{name} {receiver}")]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
