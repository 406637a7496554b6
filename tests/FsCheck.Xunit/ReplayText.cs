// SPDX-License-Identifier: MIT

using System.Globalization;
using Microsoft.FSharp.Core;

namespace FsCheck.Xunit;

/// <summary>"seed,gamma" or "seed,gamma,size", with or without parentheses, as FsCheck prints it.</summary>
internal static class ReplayText
{
    /// <summary>Reads the text of a setting.</summary>
    /// <exception cref="PropertyFailedException">The text is something else.</exception>
    public static Replay Parse(string text)
    {
        var parts = text.Trim().Trim('(', ')').Split(',');
        if (parts.Length is 2 or 3
            && ulong.TryParse(parts[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed)
            && ulong.TryParse(parts[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out var gamma)
            && ulong.IsOddInteger(gamma)
            && TrySize(parts, out var size))
        {
            return new(new(seed, gamma), size);
        }

        throw new PropertyFailedException($"Replay is \"{text}\": it must be \"seed,gamma\" or \"seed,gamma,size\" with an odd gamma.", null);
    }

    private static bool TrySize(string[] parts, out FSharpOption<int>? size)
    {
        size = null;
        if (parts.Length == 2)
        {
            return true;
        }

        var good = int.TryParse(parts[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0;
        size = FSharpOption<int>.Some(number);
        return good;
    }
}
