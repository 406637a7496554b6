// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Cli;

/// <summary>Ctrl-C or SIGTERM in a run that sums up at its end: what was found so far is summed up. A run that waits
/// for input is ended after a moment.</summary>
internal static class Interruption
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly CancellationTokenSource Source = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static Timer? s_lastResort;
    public static CancellationToken Token => Source.Token;

    /// <summary>From now on a signal cancels <see cref="Token"/>.</summary>
    /// <param name="patience">How long the run may take to end; null: a moment.</param>
    public static void Listen(TimeSpan? patience = null) => On(signal =>
    {
        signal.Cancel = !Token.IsCancellationRequested;
        Source.Cancel();
        s_lastResort ??= new Timer(
            static _ => Environment.Exit(ExitCode.Interrupted), null, patience ?? Moment, Timeout.InfiniteTimeSpan);
    });

    /// <summary>A signal for the whole process group is the parent's affair: it ends its children.</summary>
    public static void LeaveToParent() => On(static signal => signal.Cancel = true);

    private static void On(Action<PosixSignalContext> action)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            Registrations.Add(PosixSignalRegistration.Create(signal, action));
    }
}
