// SPDX-License-Identifier: MIT

namespace TdxVerify.Cli;

/// <summary>Ctrl-C in a run that sums up at its end: what was found so far is summed up. A run that waits for input is
/// ended after a moment.</summary>
internal static class Interruption
{
    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(2);
    private static readonly CancellationTokenSource Source = new();
    private static Timer? s_lastResort;
    public static CancellationToken Token => Source.Token;

    public static void Listen() => Console.CancelKeyPress += static (_, pressed) =>
    {
        pressed.Cancel = !Token.IsCancellationRequested;
        Source.Cancel();
        s_lastResort ??= new Timer(
            static _ => Environment.Exit(ExitCode.Interrupted), null, HangTimeout, Timeout.InfiniteTimeSpan);
    };
}
