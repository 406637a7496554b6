// SPDX-License-Identifier: MIT

using System.Text;

namespace TdxVerify.Scenarios.Input;

/// <summary>Reads lines of text in bounded memory: LF or CRLF, an unfinished last line counts. A line beyond the bound
/// is cut and flagged.</summary>
public sealed class LineReader : IDisposable
{
    private readonly StreamReader _reader;
    private readonly char[] _buffer = new char[1 << 15];
    private readonly StringBuilder _line = new();
    private readonly int _mostChars;
    private int _next;
    private int _filled;

    /// <summary>Takes the stream over.</summary>
    /// <param name="stream">UTF-8 text; wrong bytes become U+FFFD.</param>
    /// <param name="mostChars">Longest line that is kept whole.</param>
    public LineReader(Stream stream, int mostChars)
    {
        _reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);
        _mostChars = mostChars;
    }

    /// <summary>Number of the last line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The last line was longer than the bound.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The next line without its end, or null.</summary>
    public string? Read()
    {
        _line.Clear();
        WasCut = false;
        var any = false;
        while (_next < _filled || Fill())
        {
            any = true;
            var rest = _buffer.AsSpan(_next, _filled - _next);
            var end = rest.IndexOf('\n');
            Keep(end < 0 ? rest : rest[..end]);
            _next = end < 0 ? _filled : _next + end + 1;
            if (end >= 0)
                break;
        }

        if (!any)
            return null;

        Number++;
        if (_line.Length > 0 && _line[^1] == '\r')
            _line.Length--;

        return _line.ToString();
    }

    public void Dispose() => _reader.Dispose();

    private bool Fill()
    {
        _next = 0;
        _filled = _reader.Read(_buffer, 0, _buffer.Length);
        return _filled > 0;
    }

    private void Keep(ReadOnlySpan<char> part)
    {
        var room = Math.Min(part.Length, _mostChars - _line.Length);
        _line.Append(part[..room]);
        WasCut |= room < part.Length;
    }
}
