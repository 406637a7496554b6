// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest.Machines;

/// <summary>One run of qemu with its debugger, its monitor, and the agent inside. All of it is one thread's: who waits
/// for an answer serves the others meanwhile. It never outlives its owner.</summary>
public sealed class VirtualMachine : IDisposable
{
    private const string Program = "qemu-system-x86_64";
    private const string Sockets = "gdb qmp agent";

    // Ends qemu when the pipe that only its owner holds open is closed, however the owner ended. In a session of its
    // own: Ctrl-C on a terminal is for the owner alone.
    private const string Guardian =
        "exec 3<&0; \"$@\" 3<&- </dev/null & p=$!; "
            + "{ while read -r _ <&3; do :; done; kill -9 $p; } 2>/dev/null & w=$!; "
            + "wait $p; s=$?; kill $w 2>/dev/null; exit $s";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _qemu;
    private readonly QmpClient _qmp;
    private readonly LineBuffer _agent;
    private readonly CancellationToken _token;
    private readonly List<JsonElement> _events = [];
    private readonly List<Socket> _ready = [];

    /// <summary>Starts qemu; the machine does not run before <see cref="Go"/>.</summary>
    /// <param name="arguments">Of qemu, besides its connections.</param>
    /// <exception cref="GuestException">It can't be started.</exception>
    public VirtualMachine(IEnumerable<string> arguments, CancellationToken token)
    {
        _token = token;
        _folder = new TemporaryFolder(Path.Combine(Path.GetTempPath(), "tdxverify-" + Environment.UserName));
        try
        {
            _qemu = ChildProcess.Start(
                "setsid", ["sh", "-c", Guardian, "sh", Program, .. arguments, .. Connections()], token);
            Debugger = new GdbStub(Connect("gdb"));
            _qmp = new QmpClient(Connect("qmp"));
            _agent = new LineBuffer(Connect("agent"));
            Execute("qmp_capabilities");
        }
        catch (GuestEndedException)
        {
            _qemu!.Kill();
            var complaint = _qemu.End().Complaint;
            Dispose();
            throw NotStarted(complaint);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public GdbStub Debugger { get; }

    /// <summary>Serves a stop of the debugger; it lets the machine go on itself.</summary>
    public Action Stopped { get; set; } = static () => { };

    /// <summary>What the kernel has printed so far.</summary>
    public string Console
    {
        get
        {
            using var file = new FileStream(
                ConsoleFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }

    private string ConsoleFile => Path.Combine(_folder.Path, "console");

    /// <summary>Lets the machine run.</summary>
    public void Go() => Debugger.Continue();

    /// <summary>Waits until the agent is there.</summary>
    /// <exception cref="GuestEndedException">It never comes.</exception>
    public void AwaitAgent(TimeSpan patience) => TakeAnswer("boot", patience);

    /// <summary>Asks the agent, and waits for its answer.</summary>
    /// <exception cref="GuestEndedException">There is none.</exception>
    public AgentAnswer Ask(string request, TimeSpan patience)
    {
        _agent.Send(request);
        return TakeAnswer(request, patience);
    }

    /// <summary>Gives qemu a command.</summary>
    /// <returns>What it returned, or its error.</returns>
    public JsonElement Execute(string command, JsonObject? arguments = null)
    {
        _qmp.Send(command, arguments);
        JsonElement answer = default;
        Await(() => _qmp.TryTakeAnswer(out answer), command, StartTime);
        return answer;
    }

    /// <summary>Waits for an event that is looked for; events before it are kept for others.</summary>
    /// <returns>Null when it does not come in time.</returns>
    public JsonElement? AwaitEvent(Predicate<JsonElement> isMeant, TimeSpan patience)
    {
        JsonElement? found = null;
        try
        {
            Await(
                () =>
                {
                    var at = _events.FindIndex(isMeant);
                    if (at >= 0)
                    {
                        found = _events[at];
                        _events.RemoveAt(at);
                    }

                    return at >= 0;
                },
                "an event", patience);
        }
        catch (GuestEndedException ended) when (ended.IsHang)
        {
            return null;
        }

        return found;
    }

    public void Dispose()
    {
        Debugger?.Dispose();
        _qmp?.Dispose();
        _agent?.Dispose();
        _qemu?.Dispose();
        _folder.Dispose();
    }

    private AgentAnswer TakeAnswer(string request, TimeSpan patience)
    {
        var lines = new List<string>();
        int? errno = null;
        Await(
            () =>
            {
                while (errno is null && _agent.TryTake(out var line))
                {
                    if (line.StartsWith('='))
                        errno = int.TryParse(line.AsSpan(1), out var number) ? number : 0;
                    else
                        lines.Add(line.TrimStart(' '));
                }

                return errno is not null;
            },
            request, patience);
        return new AgentAnswer(lines, errno!.Value);
    }

    /// <summary>Serves all connections until something is so.</summary>
    /// <param name="what">What is waited for, in a message.</param>
    /// <exception cref="GuestEndedException">The kernel died, or it takes too long.</exception>
    public void Await(Func<bool> isDone, string what, TimeSpan patience)
    {
        var since = Stopwatch.StartNew();
        while (!isDone())
        {
            _token.ThrowIfCancellationRequested();
            if (_agent.HasEnded || _qmp.HasEnded)
                throw new GuestEndedException("the kernel died", isHang: false);

            if (since.Elapsed > patience)
            {
                throw new GuestEndedException(
                    $"no answer to '{what}' in {patience.TotalSeconds:0} s", isHang: true);
            }

            Serve();
        }
    }

    private void Serve()
    {
        _ready.Clear();
        _ready.Add(_qmp.Socket);
        _ready.Add(_agent.Socket);
        if (Debugger.IsRunning)
            _ready.Add(Debugger.Socket);
        Socket.Select(_ready, null, null, TimeSpan.FromMilliseconds(100));
        if (_ready.Contains(_qmp.Socket))
        {
            _qmp.Receive();
            while (_qmp.TryTakeEvent(out var happened))
                _events.Add(happened);
        }

        if (_ready.Contains(_agent.Socket))
            _agent.Receive();

        if (_ready.Contains(Debugger.Socket) && Debugger.TakeStop())
            Stopped();
    }

    /// <summary>A shell started it, and says why it could not.</summary>
    private static GuestException NotStarted(string complaint) => new(
        complaint.EndsWith("not found", StringComparison.Ordinal)
            ? $"{Program} was not found: apt-get install qemu-system-x86"
            : $"{Program} did not start: {complaint}");

    private IEnumerable<string> Connections()
    {
        foreach (var name in Sockets.Split(' '))
        {
            yield return "-chardev";
            yield return $"socket,id={name},path={Path.Combine(_folder.Path, name)},server=on,wait=off";
        }

        yield return "-chardev";
        yield return $"file,id=console,path={ConsoleFile}";
        foreach (var word in "-serial chardev:console -serial chardev:agent -gdb chardev:gdb -S".Split(' '))
            yield return word;

        yield return "-mon";
        yield return "chardev=qmp,mode=control";
    }

    private Socket Connect(string name)
    {
        var address = new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, name));
        var since = Stopwatch.StartNew();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(address);
                return socket;
            }
            catch (SocketException) when (since.Elapsed < StartTime && !_qemu.HasExited)
            {
                socket.Dispose();
                _token.WaitHandle.WaitOne(Pause);
                _token.ThrowIfCancellationRequested();
            }
            catch (SocketException)
            {
                socket.Dispose();
                _qemu.Kill();
                throw NotStarted(_qemu.End().Complaint);
            }
        }
    }
}
