// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.IO.Compression;

namespace TdxVerify.Scenarios.Input;

/// <summary>Unpacks gzip, and notices data that is damaged or ends early: the platform's own reader takes a cut file
/// for a short one.</summary>
internal sealed class GunzipStream : ForwardStream
{
    private readonly TailStream _packed;
    private readonly GZipStream _gzip;
    private long _unpacked;

    public GunzipStream(Stream packed)
    {
        _packed = new TailStream(packed);
        _gzip = new GZipStream(_packed, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = buffer.Length == 0 ? 0 : _gzip.Read(buffer);
            _unpacked += count;
            if (count == 0 && buffer.Length > 0)
                CheckEnd();

            return count;
        }
        catch (Exception damage) when (
            damage is InvalidDataException { InnerException: not InvalidDataException } or EndOfStreamException)
        {
            throw new InvalidDataException("the gzip data is damaged", new InvalidDataException());
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A gzip member ends with the length of what it holds. The last of several holds less than all; a cut
    /// file ends with anything.</summary>
    private void CheckEnd()
    {
        _packed.Drain();
        if (BinaryPrimitives.ReadUInt32LittleEndian(_packed.LastBytes) > _unpacked)
            throw new InvalidDataException("the gzip data ends early", new InvalidDataException());
    }

    /// <summary>Remembers the last four bytes that passed.</summary>
    private sealed class TailStream(Stream inner) : ForwardStream
    {
        private readonly byte[] _last = new byte[4];

        public ReadOnlySpan<byte> LastBytes => _last;

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            foreach (var passed in buffer[Math.Max(0, count - _last.Length)..count])
            {
                _last.AsSpan(1).CopyTo(_last);
                _last[^1] = passed;
            }

            return count;
        }

        public void Drain()
        {
            Span<byte> rest = stackalloc byte[512];
            while (Read(rest) > 0)
            {
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();

            base.Dispose(disposing);
        }
    }
}
