// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Tests.Unit.Subjects.Transcript;

/// <summary>What was written down of a machine, a line a call: "enable -> -22". It answers in that order.</summary>
internal sealed class Transcript
{
    private const string Arrow = " -> ";

    private readonly List<(int Line, string Call, string Answer)> _lines = [];
    private int _next;

    public Transcript(string text)
    {
        foreach (var (index, line) in text.Split('\n', StringSplitOptions.TrimEntries).Index())
        {
            if (line.Length > 0)
            {
                var parts = line.Split(Arrow, 2);
                _lines.Add((index + 1, parts[0], parts.Length == 2 ? parts[1] : ""));
            }
        }
    }

    public static string Bytes(ulong start, ulong size) =>
        string.Create(CultureInfo.InvariantCulture, $"0x{start:x}+0x{size:x}");

    public static AddressRange Range(string text)
    {
        var plus = text.IndexOf('+', StringComparison.Ordinal);
        return AddressRange.OfSize(Convert.ToUInt64(text[..plus], 16), Convert.ToUInt64(text[(plus + 1)..], 16));
    }

    public void Rewind() => _next = 0;

    public bool Has(string call) => _lines.Exists(l => l.Call == call);

    /// <summary>What stands behind the arrow, or null when another call is next.</summary>
    public string? TryTake(string call) =>
        _next < _lines.Count && _lines[_next].Call == call ? _lines[_next++].Answer : null;

    /// <summary>What stands behind the arrow.</summary>
    /// <exception cref="InvalidDataException">Another call is next.</exception>
    public string Take(string call) => TryTake(call) ?? throw new InvalidDataException(_next == _lines.Count
        ? $"transcript: it ends, but the call is '{call}'"
        : $"transcript, line {_lines[_next].Line}: '{_lines[_next].Call}' is next, but the call is '{call}'");

    /// <summary>The same as a number.</summary>
    /// <exception cref="InvalidDataException">Another call is next, or its answer is no result.</exception>
    public int TakeResult(string call) => Take(call) switch
    {
        "NOTIFY_OK" => 0,
        "NOTIFY_BAD" => -Errno.Eperm,
        var answer when int.TryParse(answer, CultureInfo.InvariantCulture, out var result) => result,
        var answer => throw new InvalidDataException(
            $"transcript, line {_lines[_next - 1].Line}: '{answer}' is no result"),
    };
}
