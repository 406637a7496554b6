// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Subjects.Guest.Kernels;

/// <summary>Turns what a user names into a kernel that boots: one of Debian's own, a bzImage, or a tree that is
/// built.</summary>
/// <param name="onProgress">Gets one line before each step that takes seconds.</param>
public sealed class GuestKernels(Action<string> onProgress)
{
    /// <summary>What a user can name.</summary>
    public const string Description =
        "stock, stock:SUITE or stock:RELEASE for a kernel of Debian's as it is (no TDX host before TDX is configured "
            + "there), a bzImage with its System.map beside it, or a tree as 'check --kernel' takes it, which is "
            + "built with a small configuration";

    private TreeFinder Finder => new(TreeFinder.DefaultCacheFolder, onProgress, TreeContent.Whole);
    private KernelImageBuild Builder =>
        new(KernelImageBuild.DefaultConfiguration, KernelImageBuild.DefaultCacheFolder, onProgress);

    /// <summary>Finds, fetches or builds it.</summary>
    /// <exception cref="GuestException">It can't be booted.</exception>
    /// <exception cref="KernelTreeException">There is none.</exception>
    public GuestKernel Open(string name, CancellationToken token)
    {
        if (StockKernels.Read(name) is { } choice)
        {
            var image = new StockKernels(TreeFinder.DefaultCacheFolder, onProgress).Open(choice, token);
            return OfImage(image);
        }

        var path = UserFolders.Expand(name);
        if (File.Exists(path) && BootImage.IsOne(path))
            return OfImage(path);

        return Builder.Make(Finder.Open(name, token), isFixed: !Directory.Exists(path), token);
    }

    /// <summary>The whole tree that a name stands for, to be changed and built by
    /// <see cref="KernelImageBuild.MakeChanged"/>.</summary>
    /// <exception cref="GuestException">It is the user's own.</exception>
    public KernelTree OpenTree(string name, CancellationToken token)
    {
        var tree = Finder.Open(name, token);
        return tree.Folder == UserFolders.Expand(name)
            ? throw new GuestException($"{name}: expected a tree that is unpacked first: debian, a tarball or DIR@REV")
            : tree;
    }

    /// <summary>The kernel of such a tree with another text in one file.</summary>
    public GuestKernel OpenChanged(KernelTree tree, string file, string text, CancellationToken token) =>
        Builder.MakeChanged(tree, file, text, token);

    /// <summary>A kernel of a release ("7.3") that was built before, or null.</summary>
    public GuestKernel? FindBuilt(string release) => Builder.FindBuilt(release);

    /// <summary>A bzImage; its symbols lie beside it, or at the top of the tree that it was built in.</summary>
    private static GuestKernel OfImage(string image)
    {
        var release = BootImage.ReleaseOf(image);
        var folder = Path.GetDirectoryName(image)!;
        string[] places =
        [
            Path.Combine(folder, "System.map"), Path.Combine(folder, "System.map-" + release),
            Path.Combine(folder, "..", "..", "..", "System.map"),
        ];
        var symbols = places.Where(File.Exists).Select(static f => SymbolTable.Read(File.ReadLines(f)))
            .FirstOrDefault(static s => !s.IsEmpty);
        return new GuestKernel(image, $"{UserFolders.Shorten(image)} ({release})", release, symbols);
    }
}
