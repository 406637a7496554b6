// SPDX-License-Identifier: MIT

using TdxVerify.Search.Workers;

namespace TdxVerify.Cli;

/// <summary>tdxverify worker: a process of a search, started by it. Nobody types it.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker";

    /// <summary>Works until the search is gone.</summary>
    /// <returns>The exit code.</returns>
    public static int Run()
    {
        Interruption.LeaveToParent();
        WorkerServer.Run(Console.In, Console.Out);
        return ExitCode.Nothing;
    }
}
