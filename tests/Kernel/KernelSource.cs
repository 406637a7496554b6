// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Kernel.Building;
using TdxVerify.Subjects.Kernel.Trees;

namespace TdxVerify.Tests.Kernel;

/// <summary>The kernel that tests compile: what TDXVERIFY_KERNEL names, as --kernel takes it, or else Debian's newest.</summary>
internal static class KernelSource
{
    private const string Missing = "no kernel source: set TDXVERIFY_KERNEL=... or apt-get install linux-source-6.12";

    private static readonly string? Named = Environment.GetEnvironmentVariable("TDXVERIFY_KERNEL") is { Length: > 0 } name ? name : null;
    private static readonly bool MustBeThere = Named is not null || Environment.GetEnvironmentVariable("CI") == "true";
    private static readonly Lazy<(KernelTree? Tree, string Problem)> Found = new(Find);
    private static readonly Lazy<BuiltKernel> Once = new(static () => BuildFolder.Build(Found.Value.Tree!));

    /// <summary>The tree, or the test is skipped; where somebody counts on it, the test fails instead.</summary>
    public static KernelTree Require()
    {
        var (tree, problem) = Found.Value;
        Assert.False(tree is null && MustBeThere, $"{Missing} ({problem})");
        Assert.SkipWhen(tree is null, $"{Missing} ({problem})");
        return tree!;
    }

    /// <summary>The same, compiled: once a test run.</summary>
    public static BuiltKernel RequireBuilt()
    {
        Require();
        return Once.Value;
    }

    private static (KernelTree? Tree, string Problem) Find()
    {
        try
        {
            return (new KernelTrees(KernelTrees.DefaultCacheFolder).Open(Named ?? "debian", CancellationToken.None), "");
        }
        catch (KernelTreeException problem)
        {
            return (null, problem.Message);
        }
    }
}
