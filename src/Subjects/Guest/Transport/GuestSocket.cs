// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>Sockets to a virtual machine that may end at any time.</summary>
internal static class GuestSocket
{
    /// <summary>Sends all bytes.</summary>
    /// <exception cref="GuestEndedException">There is nobody any more.</exception>
    public static void SendAll(this Socket socket, ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[socket.Send(bytes)..];
        }
        catch (SocketException)
        {
            ThrowEnded();
        }
    }

    /// <summary>Takes what has come; blocks until something has.</summary>
    /// <returns>Bytes; 0: there is nobody any more.</returns>
    public static int ReceiveSome(this Socket socket, byte[] buffer)
    {
        try
        {
            return socket.Receive(buffer);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    [DoesNotReturn]
    public static void ThrowEnded() => throw new GuestEndedException("the kernel died", isHang: false);
}
