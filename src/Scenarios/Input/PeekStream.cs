// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Input;

/// <summary>A stream whose first bytes were looked at and are still there.</summary>
internal sealed class PeekStream : ForwardStream
{
    private const int HeadBytes = 4096;

    private readonly Stream _inner;
    private readonly byte[] _head = new byte[HeadBytes];
    private readonly int _headLength;
    private int _given;

    public PeekStream(Stream inner)
    {
        _inner = inner;
        _headLength = inner.ReadAtLeast(_head, HeadBytes, throwOnEndOfStream: false);
    }

    /// <summary>A NUL among the first bytes: no kernel prints one.</summary>
    public bool LooksBinary => _head.AsSpan(0, _headLength).Contains((byte)0);

    /// <summary>True when the first bytes are these.</summary>
    public bool StartsWith(byte first, byte second) => _headLength >= 2 && _head[0] == first && _head[1] == second;

    public override int Read(Span<byte> buffer)
    {
        if (_given == _headLength)
            return _inner.Read(buffer);

        var count = Math.Min(buffer.Length, _headLength - _given);
        _head.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();

        base.Dispose(disposing);
    }
}
