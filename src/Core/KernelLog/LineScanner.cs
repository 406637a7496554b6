// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;

namespace TdxVerify.Core.KernelLog;

/// <summary>
/// Walks over the text of one line. A method that does not find what it wants returns false and stays where it was.
/// </summary>
public ref struct LineScanner(ReadOnlySpan<char> text)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private ReadOnlySpan<char> _rest = text;

    public readonly ReadOnlySpan<char> Rest => _rest;
    public readonly bool IsAtEnd => _rest.IsWhiteSpace();

    public void Blanks() => _rest = _rest.TrimStart(" \t");
    public bool Word(string word) => _rest.StartsWith(word, StringComparison.Ordinal) && Step(word.Length);

    /// <summary>Steps over everything up to and with a word.</summary>
    public bool Past(string word) =>
        _rest.IndexOf(word, StringComparison.Ordinal) is var at and >= 0 && Step(at + word.Length);

    /// <summary>Up to 16 hexadecimal digits, without 0x.</summary>
    public bool Digits16(out ulong value)
    {
        var end = _rest.IndexOfAnyExcept(HexDigits);
        var digits = end < 0 ? _rest : _rest[..end];
        value = 0;
        return digits.Length <= 16
            && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            && Step(digits.Length);
    }

    public bool Hex(out ulong value)
    {
        var before = _rest;
        value = 0;
        return (Word("0x") && Digits16(out value)) || Return(before);
    }

    public bool Number(out int value)
    {
        var length = Digits(_rest.StartsWith('-') ? 1 : 0);
        return int.TryParse(_rest[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && Step(length);
    }

    /// <summary>A decimal number of 32 bits.</summary>
    public bool Unsigned(out uint value)
    {
        var length = Digits(0);
        return uint.TryParse(_rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && Step(length);
    }

    /// <summary>Two hexadecimal numbers with 0x and a separator between them.</summary>
    public bool HexPair(string separator, out ulong first, out ulong second)
    {
        var before = _rest;
        second = 0;
        return (Hex(out first) && Word(separator) && Hex(out second)) || Return(before);
    }

    /// <summary>"[mem 0xA-0xB]", both ends inclusive.</summary>
    public bool MemRange(out ulong first, out ulong last)
    {
        var before = _rest;
        first = last = 0;
        return (Word("[mem ") && HexPair("-", out first, out last) && Word("]")) || Return(before);
    }

    /// <summary>Where the decimal digits end that begin at a place.</summary>
    private readonly int Digits(int start) =>
        _rest[start..].IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? start + end : _rest.Length;

    private bool Step(int length)
    {
        _rest = _rest[length..];
        return true;
    }

    private bool Return(ReadOnlySpan<char> before)
    {
        _rest = before;
        return false;
    }
}
