// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Debian's kernels as they are, each fetched once: the flavour for clouds, which boots without a
/// disk.</summary>
/// <param name="cacheFolder">As that of <see cref="TreeFinder"/>.</param>
/// <param name="onProgress">Gets one line before each step that takes seconds.</param>
public sealed class StockKernels(string cacheFolder, Action<string> onProgress)
{
    private const string Start = "stock";

    private readonly string _folder = Path.Combine(cacheFolder, Start);
    private readonly DebianArchives _archives = new(Path.Combine(cacheFolder, "apt"));

    /// <summary>"stock", "stock:SUITE" or "stock:RELEASE", as "debian" is for sources; null: another name.</summary>
    /// <exception cref="KernelTreeException">What follows the colon is neither a suite nor a release.</exception>
    public static DebianChoice? Read(string name) =>
        name == Start || name.StartsWith(Start + ":", StringComparison.Ordinal)
            ? DebianChoice.Read("debian" + name[Start.Length..])
            : null;

    /// <summary>The image of a kernel.</summary>
    /// <exception cref="KernelTreeException">It can't be had.</exception>
    public string Open(DebianChoice choice, CancellationToken token)
    {
        if (choice.IsExact && Newest(choice) is { } exact)
            return exact;

        try
        {
            foreach (var archive in _archives.For(choice))
            {
                if (Wanted(archive, choice, token) is { } source)
                    return ImageIn(FolderOf(source)) ?? Get(archive, source, token);
            }
        }
        catch (KernelTreeException problem) when (Newest(choice) is { } older)
        {
            onProgress($"{problem.Message}: using {UserFolders.Shorten(older)}, which was fetched before");
            return older;
        }

        var name = choice.Name.Replace("debian", Start, StringComparison.Ordinal);
        throw new KernelTreeException($"expected a kernel that Debian's archive has, got '{name}'");
    }

    private static DebianSource? Wanted(IPackageArchive archive, DebianChoice choice, CancellationToken token)
    {
        try
        {
            return choice.Newest(archive.Known(token) ?? archive.Refresh(token));
        }
        catch (KernelTreeException problem) when (problem.IsSuiteMissing && choice.Suite is null)
        {
            return null;
        }
    }

    private string Get(IPackageArchive archive, DebianSource source, CancellationToken token)
    {
        using var temporary = new TemporaryFolder(_folder);
        onProgress($"fetching the kernel of {source} ...");
        var package = archive.DownloadImage(source, temporary.Subfolder("package"), token);
        var made = temporary.Subfolder("files");
        using var deb = ChildProcess.Start("dpkg-deb", ["--fsys-tarfile", package], token);
        using var tar = ChildProcess.Start(
            "tar", ["--extract", "--file=-", "--no-same-owner", "--directory=" + made, "--wildcards", "*/vmlinuz*"],
            token);
        ChildPipe.Run(deb, tar);
        if (ImageIn(made) is null)
            throw new KernelTreeException($"{Path.GetFileName(package)}: expected a vmlinuz in it");

        if (!Directory.Exists(FolderOf(source)))
            Directory.Move(made, FolderOf(source));

        return ImageIn(FolderOf(source))!;
    }

    private string FolderOf(DebianSource source) => Path.Combine(_folder, source.Key);

    private string? Newest(DebianChoice choice)
    {
        if (!Directory.Exists(_folder))
            return null;

        var there = Directory.GetDirectories(_folder).Select(static d => DebianSource.FromKey(Path.GetFileName(d)));
        return choice.Newest([.. there.OfType<DebianSource>()]) is { } source ? ImageIn(FolderOf(source)) : null;
    }

    private static string? ImageIn(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "vmlinuz*", SearchOption.AllDirectories).FirstOrDefault()
        : null;
}
