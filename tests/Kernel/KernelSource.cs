// SPDX-License-Identifier: MIT

using System.Reflection;
using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel;

/// <summary>
/// The kernel that tests compile: what an environment variable names, as --kernel takes it, or else Debian's of the release that the
/// project names. tests/Kernel is compiled for 6.12, tests/Kernel73 is the same for 7.3.
/// </summary>
internal static class KernelSource
{
    private static readonly string Declared = Metadata("KernelRelease");
    private static readonly string Variable = Metadata("KernelVariable");
    private static readonly string? Named = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null;
    private static readonly bool MustBeThere = Named is not null || Environment.GetEnvironmentVariable("CI") == "true";
    private static readonly Lazy<(KernelTree? Tree, string Problem)> Found = new(Find);
    private static readonly Lazy<BuiltKernel> Once = new(static () => BuildFolder.Build(Found.Value.Tree!));
    private static readonly Lazy<Version> Known = new(FindRelease);

    private static string Missing => $"no kernel source: set {Variable}=TREE, or let apt fetch linux-source-{Declared}";

    /// <summary>The release of it, as far as it matters: "7.3".</summary>
    public static Version Release => Known.Value;

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

    private static string Metadata(string key) =>
        typeof(KernelSource).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    /// <summary>Tests are listed before anything is fetched: only a tree that somebody names is asked.</summary>
    private static Version FindRelease()
    {
        var version = Named is null ? null : Found.Value.Tree?.Version;
        return version?.Split('.', '-') is [var major, var minor, ..] ? Version.Parse($"{major}.{minor}") : Version.Parse(Declared);
    }

    private static (KernelTree? Tree, string Problem) Find()
    {
        try
        {
            return (new TreeFinder(TreeFinder.DefaultCacheFolder).Open(Named ?? "debian:" + Declared, CancellationToken.None), "");
        }
        catch (KernelTreeException problem)
        {
            return (null, problem.Message);
        }
    }
}
