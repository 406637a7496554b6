// SPDX-License-Identifier: MIT

namespace TdxVerify.Cli;

/// <summary>Ctrl-C: the first one ends the run with what was found so far, the second one ends the process.</summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource Source = new();

    /// <summary>Cancelled when the user wants the run to end.</summary>
    public static CancellationToken Token => Source.Token;

    /// <summary>Starts listening.</summary>
    public static void Listen() => Console.CancelKeyPress += static (_, pressed) =>
    {
        pressed.Cancel = !Token.IsCancellationRequested;
        Source.Cancel();
    };
}
