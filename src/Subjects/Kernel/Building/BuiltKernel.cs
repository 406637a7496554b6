// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>A kernel tree that was compiled.</summary>
/// <param name="Library">The library; for <see cref="BuildKind.ThreadSanitized"/> the program.</param>
/// <param name="Features">What the source declares, by the names of native/kernel/features.</param>
/// <param name="Profile">Name of the host rules that it declares, or null: nobody describes them.</param>
public sealed record BuiltKernel(KernelTree Tree, string Library, IReadOnlyList<string> Features, string? Profile)
{
    /// <summary>"gcc 12.2.0".</summary>
    public string Compiler { get; init; } = "";

    /// <summary>The folder with all that was made.</summary>
    public string Folder => Path.GetDirectoryName(Library)!;
}
