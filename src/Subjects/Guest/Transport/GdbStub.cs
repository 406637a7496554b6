// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>A virtual machine's gdbstub: the GDB remote serial protocol as far as registers, memory and breakpoints
/// need it. The machine stands still except between <see cref="Continue"/> and the next stop.</summary>
public sealed class GdbStub : IDisposable
{
    /// <summary>Bytes that one packet reads or writes; qemu's own bound is 4096 characters.</summary>
    private const int MostBytes = 1024;
    private const byte Interrupt = 3;

    private static readonly GuestRegister[] Preserved =
    [
        GuestRegister.Rbx, GuestRegister.Rbp, GuestRegister.R12, GuestRegister.R13, GuestRegister.R14,
        GuestRegister.R15,
    ];

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 14];
    private readonly StringBuilder _packet = new();
    private int _start;
    private int _end;
    private string? _readMode;
    private string? _thread;

    /// <summary>Talks to a stub that waits.</summary>
    public GdbStub(Socket socket)
    {
        _socket = socket;

        // Until it has told its registers, it takes no writes of them.
        Ask("qSupported:xmlRegisters=i386");
        Ask("qXfer:features:read:target.xml:0,ffb");
    }

    public Socket Socket => _socket;

    public bool IsRunning { get; private set; }

    /// <summary>The CPU that has stopped, or that was chosen, from 0.</summary>
    public int Cpu { get; private set; }

    /// <summary>Lets all CPUs go on.</summary>
    public void Continue()
    {
        Send("c");
        IsRunning = true;
    }

    /// <summary>Runs one instruction of the CPU, with interrupts off.</summary>
    public void StepOver()
    {
        Send("Qqemu.sstep=7");
        Expect("OK");
        Send(string.Create(CultureInfo.InvariantCulture, $"vCont;s:{Cpu + 1:x}"));
        Stopped(Receive());
    }

    /// <summary>Takes what has come while the machine runs.</summary>
    /// <returns>True when it has stopped.</returns>
    public bool TakeStop()
    {
        // What comes may be no more than the receipt of the last packet.
        while (_start < _end || _socket.Available > 0)
        {
            if (Next() != '$')
                continue;

            _start--;
            Stopped(Receive());
            return true;
        }

        return false;
    }

    /// <summary>Waits for a stop.</summary>
    public void Await() => Stopped(Receive());

    /// <summary>Stops all CPUs.</summary>
    public void Stop()
    {
        if (!IsRunning)
            return;

        _socket.SendAll([Interrupt]);
        Stopped(Receive());
    }

    /// <summary>Registers are those of this CPU from now on, from 0.</summary>
    public void Choose(int cpu)
    {
        Cpu = cpu;
        var thread = string.Create(CultureInfo.InvariantCulture, $"Hg{cpu + 1:x}");
        if (thread == _thread)
            return;

        _thread = thread;
        Send(thread);
        Expect("OK");
    }

    public GuestRegisters ReadRegisters()
    {
        Choose(Cpu);
        return GuestRegisters.Read(Convert.FromHexString(Ask("g")));
    }

    /// <summary>Writes one register.</summary>
    public void Write(GuestRegister register, ulong value)
    {
        Choose(Cpu);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        var size = register == GuestRegister.Rflags ? sizeof(uint) : sizeof(ulong);
        Send(string.Create(
            CultureInfo.InvariantCulture, $"P{(int)register:x}={Convert.ToHexStringLower(bytes[..size])}"));
        Expect("OK");
    }

    /// <summary>Ends the function that was entered with these registers.</summary>
    public void Return(GuestRegisters entry, ulong result)
    {
        foreach (var register in Preserved)
            Write(register, entry[register]);

        Write(GuestRegister.Rax, result);
        Write(GuestRegister.Rsp, entry[GuestRegister.Rsp] + sizeof(ulong));
        Write(GuestRegister.Rip, ReturnAddress(entry));
    }

    /// <summary>Where the function that was entered with these registers returns to.</summary>
    public ulong ReturnAddress(GuestRegisters entry) => BinaryPrimitives.ReadUInt64LittleEndian(
        ReadMemory(entry[GuestRegister.Rsp], sizeof(ulong), isPhysical: false));

    /// <summary>A breakpoint at an instruction.</summary>
    public void Insert(ulong address) => Breakpoint('Z', address);

    /// <summary>Takes it away.</summary>
    public void Remove(ulong address) => Breakpoint('z', address);

    /// <summary>Reads memory at a physical address, or at a virtual one of the chosen CPU.</summary>
    /// <exception cref="GuestException">There is no such memory.</exception>
    public byte[] ReadMemory(ulong address, int size, bool isPhysical)
    {
        SetMode(isPhysical);
        var bytes = new byte[size];
        for (var at = 0; at < size; at += MostBytes)
        {
            var count = Math.Min(MostBytes, size - at);
            var answer = Ask(string.Create(CultureInfo.InvariantCulture, $"m{address + (ulong)at:x},{count:x}"));
            if (answer.Length != 2 * count)
            {
                throw new GuestException(string.Create(
                    CultureInfo.InvariantCulture, $"no memory at 0x{address + (ulong)at:x} of the virtual machine"));
            }

            Convert.FromHexString(answer).CopyTo(bytes, at);
        }

        return bytes;
    }

    /// <summary>Writes memory at a physical address, or at a virtual one of the chosen CPU.</summary>
    public void WriteMemory(ulong address, ReadOnlySpan<byte> bytes, bool isPhysical)
    {
        SetMode(isPhysical);
        Send(string.Create(
            CultureInfo.InvariantCulture, $"M{address:x},{bytes.Length:x}:{Convert.ToHexStringLower(bytes)}"));
        Expect("OK");
    }

    public void Dispose() => _socket.Dispose();

    private void SetMode(bool isPhysical)
    {
        var mode = isPhysical ? "Qqemu.PhyMemMode:1" : "Qqemu.PhyMemMode:0";
        if (mode == _readMode)
            return;

        Send(mode);
        Expect("OK");
        _readMode = mode;
    }

    private void Breakpoint(char what, ulong address)
    {
        // Z1: a memory breakpoint (Z0) is the same to qemu.
        Send(string.Create(CultureInfo.InvariantCulture, $"{what}1,{address:x},1"));
        Expect("OK");
    }

    /// <summary>"T05thread:02;" and the like.</summary>
    private void Stopped(string reply)
    {
        const string Thread = "thread:";
        IsRunning = false;
        _thread = null;
        var at = reply.IndexOf(Thread, StringComparison.Ordinal);
        if (reply.StartsWith('W') || reply.StartsWith('X'))
            GuestSocket.ThrowEnded();

        if (at < 0)
            return;

        var name = reply[(at + Thread.Length)..].Split(';')[0];
        name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        Cpu = int.Parse(name, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 1;
    }

    private string Ask(string request)
    {
        Send(request);
        return Receive();
    }

    private void Expect(string answer)
    {
        var received = Receive();
        if (received != answer)
            throw new GuestException($"gdbstub: expected '{answer}', got '{received}'");
    }

    private void Send(string packet)
    {
        var sum = 0;
        foreach (var character in packet)
            sum += character;

        _socket.SendAll(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"${packet}#{sum & 0xff:x2}")));
    }

    private string Receive()
    {
        int next;
        do
        {
            next = Next();
        }
        while (next != '$');

        _packet.Clear();
        while ((next = Next()) != '#')
        {
            if (next == '}')
                _packet.Append((char)(Next() ^ 0x20));
            else if (next == '*')
                _packet.Append(_packet[^1], Next() - 29);
            else
                _packet.Append((char)next);
        }

        Next();
        Next();
        _socket.SendAll("+"u8);
        return _packet.ToString();
    }

    private int Next()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, _socket.ReceiveSome(_buffer));
            if (_end == 0)
                GuestSocket.ThrowEnded();
        }

        return _buffer[_start++];
    }
}
