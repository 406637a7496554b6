// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel;

/// <summary>Libraries and journals of one test run: the user's own cache stays as it is.</summary>
public sealed class BuildFolder : IDisposable
{
    private static readonly Lazy<string> Place = new(static () => Directory.CreateTempSubdirectory("tdxverify-kernels-").FullName);

    /// <summary>Where libraries of this run lie.</summary>
    public static string Libraries => Path.Combine(Place.Value, "libraries");

    /// <summary>Where programs that this run starts keep what they compile.</summary>
    public static string Caches => Path.Combine(Place.Value, "caches");

    /// <summary>What programs that this run starts take for the temporary folder: a search that somebody killed outside is not theirs.</summary>
    public static string Temporary => Directory.CreateDirectory(Path.Combine(Place.Value, "temporary")).FullName;

    /// <summary>Where its workers' journals lie.</summary>
    public static string Journals => Path.Combine(Place.Value, "journals");

    /// <summary>Compiles a tree.</summary>
    public static BuiltKernel Build(KernelTree tree) => Builder.Make(tree, BuildKind.Plain, CancellationToken.None);

    /// <summary>Compiles into the folder of this run.</summary>
    public static KernelBuild Builder => new(KernelBuild.DefaultSources, Libraries);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Place.IsValueCreated)
        {
            Directory.Delete(Place.Value, recursive: true);
        }
    }
}
