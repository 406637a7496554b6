// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.KernelTrees;
using TdxVerify.Properties.Generation;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Mutation.Rivals;

/// <summary>AFL++: bytes that are changed, kept where an edge of kernel code runs that did not before.</summary>
public static class AflFuzz
{
    private const string Program = "afl-fuzz";

    // A target that is no instrumented binary and never crashes, on a machine that is left as it is.
    private static readonly string[] Variables =
    [
        "AFL_SKIP_BIN_CHECK=1", "AFL_NO_AFFINITY=1", "AFL_SKIP_CPUFREQ=1", "AFL_NO_UI=1",
        "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1",
    ];

    /// <summary>AFL++ where it is installed, or null.</summary>
    public static Rival? Find()
    {
        try
        {
            using var child = ChildProcess.Start(Program, ["-h"], CancellationToken.None);
            child.ReadOutput();
            child.End();
            return new Rival("AFL++", BuildKind.Edges, CommandOf);
        }
        catch (KernelTreeException)
        {
            return null;
        }
    }

    /// <summary>It starts from two inputs: all zeros, and any bytes.</summary>
    private static List<string> CommandOf(IReadOnlyList<string> target, ulong seed, string folder)
    {
        const int HangMilliseconds = 60_000;
        var inputs = Path.Combine(folder, "in");
        Directory.CreateDirectory(inputs);
        var bytes = new byte[ScenarioDecoder.MaxBytes];
        File.WriteAllBytes(Path.Combine(inputs, "zeros"), bytes);
        ScenarioDecoder.Randomize(bytes, seed);
        File.WriteAllBytes(Path.Combine(inputs, "random"), bytes);
        return
        [
            "env", .. Variables, Program, "-i", inputs, "-o", Path.Combine(folder, "out"), "-m", "none",
            "-s", seed.ToString(CultureInfo.InvariantCulture),
            "-t", HangMilliseconds.ToString(CultureInfo.InvariantCulture), "--", .. target,
        ];
    }
}
