// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;
using TdxVerify.Subjects.Kernel.Trees;

namespace TdxVerify.Cli;

/// <summary>From what a user names as a kernel to a library that workers load.</summary>
internal static class KernelChoice
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SanitizedPatience = TimeSpan.FromMinutes(2);

    /// <summary>What --kernel takes.</summary>
    public const string Description = "a kernel tree: a folder, FOLDER@REV of its git repository, a tarball, or debian for the newest linux-source package";

    /// <summary>Finds and compiles a tree.</summary>
    public static BuiltKernel Build(string name, BuildKind kind)
    {
        var tree = new KernelTrees(KernelTrees.DefaultCacheFolder, Say).Open(name, Interruption.Token);
        return new KernelBuild(KernelBuild.DefaultSources, KernelBuild.DefaultCacheFolder, Say).Make(tree, kind, Interruption.Token);
    }

    /// <summary>A tree to be searched, and the one that it is held against.</summary>
    public static KernelUnderTest UnderTest(string name, string? against, BuildKind kind)
    {
        var kernel = Of(Build(name, kind));
        return against is null ? kernel : kernel with { Against = Of(Build(against, kind)) };
    }

    /// <summary>How this program starts itself as a worker.</summary>
    public static WorkerLaunch Worker(BuildKind kind)
    {
        var program = Environment.ProcessPath!;
        var entry = Path.Combine(AppContext.BaseDirectory, "tdxverify.dll");
        var command = Path.GetFileNameWithoutExtension(program) == "dotnet" ? new[] { program, entry, WorkerCommand.Name } : [program, WorkerCommand.Name];
        var journals = Path.Combine(Path.GetTempPath(), "tdxverify-" + Environment.UserName);
        return new WorkerLaunch(command, journals, kind == BuildKind.Plain ? Patience : SanitizedPatience) { Variables = Sanitizers.Variables(kind) };
    }

    private static KernelUnderTest Of(BuiltKernel built) =>
        new(built.Library, built.Tree.Name, built.Profile is { } profile ? HostProfile.Find(profile) : null);

    private static void Say(string line)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine("tdxverify: " + line);
        }
    }
}
