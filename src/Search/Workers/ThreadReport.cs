// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Search.Workers;

/// <summary>Initialisation against the notifier on two threads, watched by ThreadSanitizer.</summary>
/// <param name="Summary">What it found, in one line; null: nothing.</param>
public sealed record ThreadReport(string? Summary, string Report)
{
    /// <summary>Runs the program of a kernel that was compiled for it.</summary>
    /// <exception cref="KernelTreeException">It can't be run, or failed without a report.</exception>
    public static ThreadReport Of(BuiltKernel kernel, CancellationToken token)
    {
        // Without address randomisation: ThreadSanitizer does not know every layout.
        using var child = ChildProcess.Start("setarch", ["-R", kernel.Library], token);
        child.ReadOutput();
        var end = child.End();
        var summary = SanitizerReport.Summary(end.Errors);
        if (summary.Length == 0)
        {
            end.Require();
            return new ThreadReport(null, "");
        }

        return new ThreadReport(summary, end.Errors);
    }
}
