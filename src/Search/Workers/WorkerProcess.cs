// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Search.Workers;

/// <summary>One worker process, seen from the search: requests go in, replies come out, or it is gone.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int PollMilliseconds = 200;
    private const int ErrorCharacters = 20_000;

    private static int s_count;

    private readonly Process _process;
    private readonly string _journalPath;
    private readonly Journal _journal;
    private readonly BlockingCollection<string> _lines = [];
    private readonly TimeSpan _hangTimeout;
    private readonly System.Text.StringBuilder _errors = new();
    private readonly Thread _reader;
    private readonly Thread _errorReader;

    public WorkerProcess(CampaignPlan plan)
    {
        var launch = plan.Worker ?? throw new InvalidOperationException("nobody said how a worker is started");
        _hangTimeout = launch.HangTimeout;
        Directory.CreateDirectory(launch.JournalFolder);
        _journalPath = Path.Combine(
            launch.JournalFolder,
            string.Create(
                CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}"));
        _journal = new Journal(_journalPath) { Search = launch.Search };
        var start = new ProcessStartInfo(launch.Command[0], launch.Command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in launch.Variables)
            start.Environment[name] = value;

        _process = Process.Start(start)!;
        _reader = new Thread(ReadLines) { IsBackground = true };
        _errorReader = new Thread(ReadErrors) { IsBackground = true };
        _reader.Start();
        _errorReader.Start();
        Send(JsonSerializer.Serialize(new WorkerStart(_journalPath, plan with { Worker = null })));
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The case that it was running when it was lost, or null.</summary>
    public ulong? LastCase => _journal.Case;

    /// <summary>True when it was lost amid a scenario that it was to try: before and behind that, the scenario is not
    /// to blame.</summary>
    public bool WasTrying => _journal.IsTrying;

    /// <summary>How it ended, once it has: "killed by SIGSEGV", "it hung", with what it said.</summary>
    public string End { get; private set; } = "";

    /// <summary>True when it did not answer, and was ended for that.</summary>
    public bool HasHung { get; private set; }

    /// <summary>True when nobody but the outside can have ended it: SIGKILL that this process did not send.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Asks and waits.</summary>
    /// <returns>The reply, or null when the worker is gone.</returns>
    public Reply? Ask(Request request, CancellationToken token)
    {
        var isStopping = false;
        var heartbeat = _journal.Heartbeat;
        var quiet = Stopwatch.StartNew();
        TimeSpan? usedBefore = null;
        Send(JsonSerializer.Serialize(request));
        while (true)
        {
            if (_lines.TryTake(out var line, PollMilliseconds, CancellationToken.None))
            {
                if (Read(line) is { } reply)
                    return reply.Failure is { } failure ? throw new WorkerFailedException(failure) : reply;

                continue;
            }

            if (_lines.IsCompleted)
            {
                NoteEnd();
                return null;
            }

            if (token.IsCancellationRequested && !isStopping)
            {
                isStopping = true;
                Send(JsonSerializer.Serialize(new Request(0, 0, null)));
            }

            if (_journal.Heartbeat != heartbeat)
            {
                heartbeat = _journal.Heartbeat;
                quiet.Restart();
                usedBefore = null;
            }
            else if (IsHung(quiet.Elapsed, ref usedBefore))
            {
                End = string.Create(CultureInfo.InvariantCulture, $"no answer for {_hangTimeout.TotalSeconds:0} s");
                HasHung = true;
                _process.Kill();
                _process.WaitForExit();
                return null;
            }
        }
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        if (!_process.WaitForExit(_hangTimeout))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _reader.Join();
        _errorReader.Join();
        _process.Dispose();
        _journal.Dispose();
        _lines.Dispose();
        File.Delete(_journalPath);
    }

    /// <summary>Silent for too long, and busy all the while: on a machine that gives it no time it is only slow, up to
    /// a bound.</summary>
    private bool IsHung(TimeSpan silence, ref TimeSpan? usedBefore)
    {
        const int Slowest = 10;
        try
        {
            usedBefore ??= ProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has just ended: the reader says so next.
            return false;
        }

        return silence > _hangTimeout && !_process.HasExited
            && (ProcessorTime - usedBefore > _hangTimeout / 2 || silence > Slowest * _hangTimeout);
    }

    /// <summary>A worker may be killed amid its reply: half a line is none, and its end is seen next.</summary>
    private static Reply? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Reply>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Send(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It is gone: the reader sees that too.
        }
    }

    private void ReadLines()
    {
        try
        {
            while (_process.StandardOutput.ReadLine() is { } line)
                _lines.Add(line);
        }
        catch (IOException)
        {
            // A pipe that breaks is the end of it.
        }

        _lines.CompleteAdding();
    }

    private void ReadErrors()
    {
        try
        {
            while (_process.StandardError.ReadLine() is { } line)
            {
                lock (_errors)
                {
                    if (_errors.Length < ErrorCharacters)
                        _errors.Append(line).Append('\n');
                }
            }
        }
        catch (IOException)
        {
            // The same.
        }
    }

    private void NoteEnd()
    {
        _process.WaitForExit();
        _errorReader.Join();
        const int SignalBase = 128;
        const int Sigkill = 9;
        var signal = _process.ExitCode - SignalBase;
        WasKilled = signal == Sigkill;
        string said;
        lock (_errors)
        {
            said = SanitizerReport.Summary(_errors.ToString());
        }

        End = said.Length > 0
            ? said
            : signal > 0
                ? string.Create(CultureInfo.InvariantCulture, $"killed by signal {signal}")
                : string.Create(CultureInfo.InvariantCulture, $"exit code {_process.ExitCode}");
    }
}

/// <summary>A worker's own failure, not its subject's.</summary>
public sealed class WorkerFailedException : Exception
{
    public WorkerFailedException()
    {
    }

    public WorkerFailedException(string message)
        : base(message)
    {
    }

    public WorkerFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
