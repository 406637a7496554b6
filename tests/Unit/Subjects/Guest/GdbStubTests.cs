// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Tests.Unit.Subjects.Guest;

/// <summary>The debugger against a stub that answers from a list.</summary>
public sealed class GdbStubTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-gdb").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<string> _asked = [];
    private readonly Dictionary<string, string> _answers = new()
    {
        ["qSupported:xmlRegisters=i386"] = "PacketSize=1000",
        ["qXfer:features:read:target.xml:0,ffb"] = "l<target/>",
        ["Qqemu.PhyMemMode:1"] = "OK",
        ["Hg2"] = "OK",
    };

    private Thread? _stub;

    [Fact]
    public void MemoryIsReadByPhysicalAddress()
    {
        _answers["m1000,4"] = "78563412";
        using var debugger = Connect();

        Assert.Equal([0x78, 0x56, 0x34, 0x12], debugger.ReadMemory(0x1000, 4, isPhysical: true));
    }

    /// <summary>"0* " is four zeros: a character, and how often it comes again.</summary>
    [Fact]
    public void RunsOfEqualCharactersAreExpanded()
    {
        _answers["m1000,2"] = "0* ";
        using var debugger = Connect();

        Assert.Equal([0, 0], debugger.ReadMemory(0x1000, 2, isPhysical: true));
    }

    [Fact]
    public void MemoryThatIsNotThereIsSaid()
    {
        _answers["m1000,4"] = "E14";
        using var debugger = Connect();

        var problem = Assert.Throws<GuestException>(() => debugger.ReadMemory(0x1000, 4, isPhysical: true));
        Assert.Contains("0x1000", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStopNamesItsCpu()
    {
        _answers["c"] = "T05thread:p01.02;";
        _answers["P0=0100000000000000"] = "OK";
        using var debugger = Connect();

        debugger.Continue();
        Assert.True(debugger.IsRunning);
        debugger.Await();
        Assert.Equal(1, debugger.Cpu);
        debugger.Write(GuestRegister.Rax, 1);
        Assert.Contains("Hg2", _asked);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _stub?.Join();
        Directory.Delete(_folder, recursive: true);
    }

    private GdbStub Connect()
    {
        var address = new UnixDomainSocketEndPoint(Path.Combine(_folder, "gdb"));
        _listener.Bind(address);
        _listener.Listen();
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(address);
        var server = _listener.Accept();
        _stub = new Thread(() => Answer(server));
        _stub.Start();
        return new GdbStub(client);
    }

    private void Answer(Socket server)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        int count;
        while ((count = server.Receive(buffer)) > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            for (var end = text.ToString().IndexOf('#'); end >= 0 && end + 2 < text.Length; end = text.ToString().IndexOf('#'))
            {
                var packet = text.ToString()[..end].TrimStart('+')[1..];
                text.Remove(0, end + 3);
                lock (_asked)
                    _asked.Add(packet);

                server.Send(Encoding.ASCII.GetBytes($"+${_answers.GetValueOrDefault(packet, "")}#00"));
            }
        }

        server.Dispose();
    }
}
