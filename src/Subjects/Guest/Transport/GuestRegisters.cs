// SPDX-License-Identifier: MIT

using System.Buffers.Binary;

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>The registers of one CPU that stands still.</summary>
public sealed class GuestRegisters
{
    private readonly ulong[] _values;

    private GuestRegisters(ulong[] values) => _values = values;

    public ulong this[GuestRegister register] => _values[(int)register];

    public ulong Rip => this[GuestRegister.Rip];

    /// <summary>Reads an answer to "g": sixteen registers and RIP of eight bytes, then EFLAGS of four.</summary>
    public static GuestRegisters Read(ReadOnlySpan<byte> bytes)
    {
        const int Wide = (int)GuestRegister.Rflags;
        if (bytes.Length < (Wide * sizeof(ulong)) + sizeof(uint))
            throw new GuestException($"gdbstub: expected the registers of x86-64, got {bytes.Length} bytes");

        var values = new ulong[Wide + 1];
        for (var i = 0; i < Wide; i++)
            values[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);

        values[Wide] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(Wide * sizeof(ulong))..]);
        return new GuestRegisters(values);
    }
}
