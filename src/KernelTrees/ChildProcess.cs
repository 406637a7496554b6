// SPDX-License-Identifier: MIT

using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace TdxVerify.KernelTrees;

/// <summary>A program that runs with a list of arguments: no shell, no terminal, English messages. A cancelled token
/// kills it with its own children.</summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>Bytes of standard output that <see cref="ReadOutput"/> keeps.</summary>
    public const int MaxOutput = 1 << 22;
    /// <summary>Bytes of standard error that are kept.</summary>
    public const int MaxErrors = 1 << 16;

    private const int NoSuchFile = 2;
    private const int Interrupted = 130;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongMoment = TimeSpan.FromSeconds(2);

    // What a caller's shell (or a git hook) may have set that would change what is read.
    private static readonly string[] Disturbing =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
            "GIT_PREFIX", "TAR_OPTIONS", "POSIXLY_CORRECT"];

    private readonly Process _process;
    private readonly string _program;
    private readonly Task<string> _errors;
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _kill;

    private ChildProcess(Process process, string program, CancellationToken token)
    {
        _process = process;
        _program = program;
        _token = token;
        _errors = Task.Run(() => ReadBounded(process.StandardError.BaseStream, MaxErrors), CancellationToken.None);
        _kill = token.Register(Kill);
    }

    /// <summary>Its standard input; <see cref="CloseInput"/> ends it.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>True once it has ended by itself or was killed.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <param name="program">A name that is searched for as a shell does.</param>
    /// <param name="arguments">Its arguments, each as it is.</param>
    /// <param name="token">Kills it.</param>
    /// <param name="folder">Where it runs; default: here.</param>
    /// <exception cref="KernelTreeException">There is no such program.</exception>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, CancellationToken token, string folder = "")
    {
        token.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["LC_ALL"] = "C";
        // Decompresses on all cores, where xz can.
        start.Environment["XZ_OPT"] = "-T0";
        foreach (var name in Disturbing)
            start.Environment.Remove(name);

        try
        {
            return new ChildProcess(Process.Start(start)!, program, token);
        }
        catch (Win32Exception problem)
        {
            var isMissing = problem.NativeErrorCode == NoSuchFile;
            throw new KernelTreeException(
                isMissing
                    ? $"{program} was not found: install it"
                    : $"{program} can't be run: {problem.Message}")
            { IsProgramMissing = isMissing };
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output, cut at <see cref="MaxOutput"/>.</returns>
    /// <exception cref="KernelTreeException">It is missing or failed.</exception>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public static string Run(
        string program, IEnumerable<string> arguments, CancellationToken token, string folder = "")
    {
        using var child = Start(program, arguments, token, folder);
        var output = child.ReadOutput();
        child.End().Require();
        return output;
    }

    /// <summary>Ends its input and reads its output to the end.</summary>
    public string ReadOutput()
    {
        CloseInput();
        return ReadBounded(Output, MaxOutput);
    }

    public void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; how, its exit code says.
        }
    }

    /// <summary>Kills it and everything that it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended already.
        }
    }

    /// <summary>Waits until it ends. Its output must have been read.</summary>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public ChildEnd End()
    {
        _process.WaitForExit();
        var end = new ChildEnd(_program, _process.ExitCode, _errors.GetAwaiter().GetResult());
        if (end.ExitCode != 0)
        {
            // Ctrl-C on a terminal reaches the child itself, often before the token.
            _token.WaitHandle.WaitOne(end.ExitCode == Interrupted ? LongMoment : Moment);
        }

        _token.ThrowIfCancellationRequested();
        return end;
    }

    /// <summary>Ends it, if need be by force, so that nothing of it writes any more.</summary>
    public void Dispose()
    {
        _kill.Dispose();
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string ReadBounded(Stream stream, int mostBytes)
    {
        var kept = new MemoryStream();
        var buffer = new byte[1 << 14];
        int count;
        while ((count = stream.Read(buffer)) > 0)
            kept.Write(buffer, 0, Math.Min(count, mostBytes - (int)kept.Length));

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}
