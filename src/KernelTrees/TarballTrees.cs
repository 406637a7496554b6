// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace TdxVerify.KernelTrees;

/// <summary>Tarballs of kernels and linux-source packages, each unpacked once: known again by its content, whatever it
/// is named.</summary>
internal sealed class TarballTrees(TreeCache cache, TreeContent content, Action<string> onProgress)
{
    private const string Kind = "tarball";

    /// <summary>The tree in a tarball, or in the tarball of a package.</summary>
    public KernelTree Open(string file, CancellationToken token)
    {
        var name = UserFolders.Shorten(file);
        var tree = cache.Get(content.KindOf(Kind), Digest(file, token), name, temporary =>
        {
            onProgress($"unpacking {name} ...");
            var tarball = DebianPackage.IsOne(file) ? OfPackage(file, temporary.Subfolder("tarball"), token) : file;
            return Tarball.Unpack(tarball, temporary.Subfolder("tree"), content, token);
        });
        return new KernelTree(tree, name, KernelVersion.Of(tree));
    }

    private static string OfPackage(string file, string into, CancellationToken token)
    {
        try
        {
            return DebianPackage.Tarball(file, into, token);
        }
        catch (KernelTreeException problem)
        {
            throw new KernelTreeException(
                $"{UserFolders.Shorten(file)}: expected a linux-source package: {problem.Message}");
        }
    }

    private static string Digest(string file, CancellationToken token)
    {
        using var bytes = File.OpenRead(file);
        // A pipe can be read but once.
        return bytes.CanSeek
            ? Convert.ToHexStringLower(SHA256.HashDataAsync(bytes, token).AsTask().GetAwaiter().GetResult())
            : throw new KernelTreeException($"{UserFolders.Shorten(file)}: expected a regular file");
    }
}
