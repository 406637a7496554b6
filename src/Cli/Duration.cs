// SPDX-License-Identifier: MIT

using System.CommandLine.Parsing;
using System.Globalization;

namespace TdxVerify.Cli;

/// <summary>A time on the command line: 200ms, 60s, 5m or 1h.</summary>
internal static class Duration
{
    private const uint Most = 1_000_000;

    private static readonly (string Name, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Reads it; anything else is an error of the command line.</summary>
    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        foreach (var (name, seconds) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal)
                && uint.TryParse(text[..^name.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count is > 0 and < Most)
            {
                return TimeSpan.FromSeconds(count * seconds);
            }
        }

        result.AddError($"--time takes a time like 60s, 5m or 1h, not '{text}'");
        return null;
    }
}
