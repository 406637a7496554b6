// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

/// <summary>What a process needs that loads a library with sanitizers.</summary>
internal static class Sanitizers
{
    public static IReadOnlyDictionary<string, string> Variables(BuildKind kind) => kind != BuildKind.Sanitized
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = $"{Library("libasan.so")} {Library("libubsan.so")}",

            // The runtime handles faults itself: null references are its daily bread, and kernel code has a handler of
            // its own.
            ["ASAN_OPTIONS"] =
                "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:use_sigaltstack=0:"
                    + "abort_on_error=1:detect_stack_use_after_return=0",
            ["UBSAN_OPTIONS"] = "halt_on_error=1:abort_on_error=1:print_stacktrace=1",
        };

    private static string Library(string name) =>
        ChildProcess.Run("gcc", ["-print-file-name=" + name], CancellationToken.None).Trim();
}
