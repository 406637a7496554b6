// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>Physical memory of a virtual machine that stands still, as the TDX module sees it.</summary>
internal sealed class GuestMemory(GdbStub debugger) : IHostMemory
{
    public ulong Read(ulong address)
    {
        Span<ulong> word = stackalloc ulong[1];
        Read(address, word);
        return word[0];
    }

    public void Read(ulong address, Span<ulong> words)
    {
        try
        {
            debugger.ReadMemory(address, words.Length * sizeof(ulong), isPhysical: true)
                .CopyTo(MemoryMarshal.AsBytes(words));
        }
        catch (GuestException)
        {
            // Memory that is not there reads as zero.
            words.Clear();
        }
    }

    public void Write(ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        debugger.WriteMemory(address, bytes, isPhysical: true);
    }
}
