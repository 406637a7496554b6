// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Core.KernelLog;

/// <summary>Walks over the text of one line. A method that does not find what it wants returns false and stays where it was.</summary>
public ref struct LineScanner(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<char> Rest => _rest;

    /// <summary>Nothing but blanks is left.</summary>
    public readonly bool IsAtEnd => _rest.IsWhiteSpace();

    /// <summary>Steps over blanks.</summary>
    public void Blanks() => _rest = _rest.TrimStart(" \t");

    /// <summary>Steps over a word.</summary>
    public bool Word(string word)
    {
        if (!_rest.StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        _rest = _rest[word.Length..];
        return true;
    }

    /// <summary>Steps over everything up to and with a word.</summary>
    public bool Past(string word)
    {
        var at = _rest.IndexOf(word, StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        _rest = _rest[(at + word.Length)..];
        return true;
    }

    /// <summary>Up to 16 hexadecimal digits, without 0x.</summary>
    public bool Digits16(out ulong value)
    {
        var length = 0;
        while (length < _rest.Length && char.IsAsciiHexDigit(_rest[length]))
        {
            length++;
        }

        value = 0;
        if (length is 0 or > 16 || !ulong.TryParse(_rest[..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        _rest = _rest[length..];
        return true;
    }

    /// <summary>A hexadecimal number with 0x.</summary>
    public bool Hex(out ulong value)
    {
        var before = _rest;
        value = 0;
        if (Word("0x") && Digits16(out value))
        {
            return true;
        }

        _rest = before;
        return false;
    }

    /// <summary>A decimal number, perhaps negative.</summary>
    public bool Number(out int value)
    {
        var length = _rest.Length > 0 && _rest[0] == '-' ? 1 : 0;
        while (length < _rest.Length && char.IsAsciiDigit(_rest[length]))
        {
            length++;
        }

        if (!int.TryParse(_rest[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        _rest = _rest[length..];
        return true;
    }

    /// <summary>A decimal number of 32 bits.</summary>
    public bool Unsigned(out uint value)
    {
        var length = 0;
        while (length < _rest.Length && char.IsAsciiDigit(_rest[length]))
        {
            length++;
        }

        if (!uint.TryParse(_rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        _rest = _rest[length..];
        return true;
    }

    /// <summary>Two hexadecimal numbers with 0x and a separator between them.</summary>
    public bool HexPair(string separator, out ulong first, out ulong second)
    {
        var before = _rest;
        second = 0;
        if (Hex(out first) && Word(separator) && Hex(out second))
        {
            return true;
        }

        _rest = before;
        return false;
    }

    /// <summary>"[mem 0xA-0xB]", both ends inclusive.</summary>
    public bool MemRange(out ulong first, out ulong last)
    {
        var before = _rest;
        first = last = 0;
        if (Word("[mem ") && HexPair("-", out first, out last) && Word("]"))
        {
            return true;
        }

        _rest = before;
        return false;
    }
}
