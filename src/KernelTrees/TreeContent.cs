// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>What of a kernel is unpacked.</summary>
public sealed class TreeContent
{
    private readonly string _suffix;

    private TreeContent(string suffix, IReadOnlyList<string> paths) => (_suffix, Paths) = (suffix, paths);

    /// <summary>What is compiled in user space: see <see cref="TreeFiles.Needed"/>.</summary>
    public static TreeContent MemoryPath { get; } = new("", TreeFiles.Needed);

    /// <summary>All of it, as a kernel that boots needs it.</summary>
    public static TreeContent Whole { get; } = new("-whole", []);

    /// <summary>Paths from the top of the tree; none: all.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The folder of the cache for trees of a kind.</summary>
    public string KindOf(string kind) => kind + _suffix;
}
