// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>The order of Debian's package versions (deb-version(7)): 1.0~rc1 before 1.0 before 1.0-1 before
/// 1.10.</summary>
public static class DebianVersion
{
    /// <summary>Below zero when the first is older.</summary>
    public static int Compare(string one, string other)
    {
        var (epoch, upstream, revision) = Split(one);
        var (otherEpoch, otherUpstream, otherRevision) = Split(other);
        var byEpoch = CompareParts(epoch, otherEpoch);
        var byUpstream = byEpoch != 0 ? byEpoch : CompareParts(upstream, otherUpstream);
        return byUpstream != 0 ? byUpstream : CompareParts(revision, otherRevision);
    }

    private static (string Epoch, string Upstream, string Revision) Split(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        var rest = version[(colon + 1)..];
        var dash = rest.LastIndexOf('-');
        return (colon < 0
            ? "0"
            : version[..colon], dash < 0 ? rest : rest[..dash], dash < 0 ? "0" : rest[(dash + 1)..]);
    }

    /// <summary>Text and numbers in turn: text by <see cref="Weight"/>, numbers by value.</summary>
    private static int CompareParts(string one, string other)
    {
        var (i, j) = (0, 0);
        while (i < one.Length || j < other.Length)
        {
            while (IsText(one, i) || IsText(other, j))
            {
                var difference = Weight(one, i) - Weight(other, j);
                if (difference != 0)
                    return difference;

                i++;
                j++;
            }

            var (number, otherNumber) = (Number(one, ref i), Number(other, ref j));
            if (number != otherNumber)
                return number.CompareTo(otherNumber);
        }

        return 0;
    }

    private static bool IsText(string text, int at) => at < text.Length && !char.IsAsciiDigit(text[at]);

    /// <summary>A tilde sorts before the end, which sorts before letters, which sort before all else.</summary>
    private static int Weight(string text, int at) => !IsText(text, at) ? 0
        : text[at] == '~' ? -1
        : char.IsAsciiLetter(text[at]) ? text[at]
        : text[at] + char.MaxValue;

    private static decimal Number(string text, ref int at)
    {
        var value = 0m;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            // 28 digits are exact; a version that long is nobody's.
            value = value > 1e26m ? value : (value * 10) + (text[at] - '0');
        }

        return value;
    }
}
