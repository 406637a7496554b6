// SPDX-License-Identifier: MIT

namespace TdxVerify.Cli;

/// <summary>Ctrl-C: the first one ends the run with what was found so far, the second one ends the process.</summary>
internal static class Interruption
{
    /// <summary>The user wants it to end.</summary>
    public static bool IsRequested { get; private set; }

    /// <summary>Starts listening.</summary>
    public static void Listen() => Console.CancelKeyPress += static (_, pressed) =>
    {
        pressed.Cancel = !IsRequested;
        IsRequested = true;
    };
}
