// SPDX-License-Identifier: MIT

using System.Net.Sockets;
using System.Text;

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>Lines that a socket brings, without the ends of lines.</summary>
internal sealed class LineBuffer(Socket socket) : IDisposable
{
    private readonly Queue<string> _lines = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly MemoryStream _partial = new();

    public Socket Socket => socket;

    public bool HasEnded { get; private set; }

    /// <summary>Takes what has come; blocks until something has.</summary>
    public void Receive()
    {
        var count = socket.ReceiveSome(_buffer);
        HasEnded |= count == 0;
        foreach (var value in _buffer.AsSpan(0, count))
        {
            if (value != '\n')
            {
                _partial.WriteByte(value);
                continue;
            }

            _lines.Enqueue(Encoding.UTF8.GetString(_partial.GetBuffer(), 0, (int)_partial.Length).TrimEnd('\r'));
            _partial.SetLength(0);
        }
    }

    public bool TryTake(out string line) => _lines.TryDequeue(out line!);

    public void Send(string line) => socket.SendAll(Encoding.UTF8.GetBytes(line + "\n"));

    public void Dispose()
    {
        _partial.Dispose();
        socket.Dispose();
    }
}
