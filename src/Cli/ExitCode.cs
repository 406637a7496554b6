// SPDX-License-Identifier: MIT

namespace TdxVerify.Cli;

internal static class ExitCode
{
    public const int Nothing = 0;
    public const int Finding = 1;
    /// <summary>Bad usage or bad input.</summary>
    public const int BadInput = 2;
    /// <summary>Ctrl-C before anything was found, as a shell reports it.</summary>
    public const int Interrupted = 130;
    /// <summary>The harness itself failed.</summary>
    public const int HarnessFailed = 3;
}
