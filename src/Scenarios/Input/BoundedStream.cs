// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Input;

/// <summary>A stream that ends after a number of bytes.</summary>
internal sealed class BoundedStream(Stream inner, long mostBytes) : ForwardStream
{
    private long _left = mostBytes;

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }
}
