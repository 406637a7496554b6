// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using TdxVerify.KernelTrees;

namespace TdxVerify.Subjects.Guest.Kernels;

/// <summary>Builds a small kernel with TDX host support, for booting, out of a whole tree. What was built of a tree
/// that can't change is kept; a folder of the user's is made anew each time, which takes seconds.</summary>
/// <param name="configuration">Options on top of tinyconfig, a line each.</param>
/// <param name="cacheFolder">Where images go; default: <see cref="DefaultCacheFolder"/>.</param>
public sealed class KernelImageBuild(string configuration, string cacheFolder, Action<string> onProgress)
{
    private const string ImageName = "bzImage";
    private const string SymbolsName = "System.map";

    /// <summary>The driver through which the TDX module is updated (7.2).</summary>
    private const string HostServices = "drivers/virt/coco/tdx-host/tdx-host.ko";

    /// <summary>native/guest/config as it lies beside this program.</summary>
    public static string DefaultConfiguration => Path.Combine(AppContext.BaseDirectory, "native", "guest", "config");

    public static string DefaultCacheFolder => Path.Combine(UserFolders.Cache, "guests");

    /// <summary>Builds the kernel of a tree.</summary>
    /// <param name="isFixed">What lies in the tree never changes.</param>
    /// <exception cref="GuestException">It can't be built.</exception>
    public GuestKernel Make(KernelTree tree, bool isFixed, CancellationToken token)
    {
        var folder = Path.Combine(cacheFolder, KeyOf(tree, token));
        if (!isFixed || !IsBuilt(folder))
        {
            using var turn = ProcessTurn.Take(
                folder + ".lock", () => onProgress("another tdxverify builds this kernel: waiting for it ..."), token);
            if (!isFixed || !IsBuilt(folder))
                Build(tree, folder, folder, token);
        }

        return Read(folder, tree.Name);
    }

    /// <summary>Builds the kernel of a tree in which one file has another text, or finds what was built of the same
    /// before. Only what includes the file is compiled; the tree is as before afterwards.</summary>
    /// <param name="tree">One that never changes, and that nobody else writes to.</param>
    /// <param name="file">From the top of the tree.</param>
    /// <exception cref="GuestException">It can't be built.</exception>
    public GuestKernel MakeChanged(KernelTree tree, string file, string text, CancellationToken token)
    {
        Make(tree, isFixed: true, token);
        var folder = Path.Combine(cacheFolder, KeyOf(tree, token));
        var made = Path.Combine(folder, "changed", Hash($"{file}\n{text}"));
        if (IsBuilt(made))
            return Read(made, tree.Name);

        using var turn = ProcessTurn.Take(
            folder + ".lock", () => onProgress("another tdxverify builds this kernel: waiting for it ..."), token);
        using var edit = new FileEdit(tree.Folder, Path.Combine(folder, "edited"), file, text);
        Build(tree, folder, made, token);
        return Read(made, tree.Name);
    }

    /// <summary>A kernel of a release that was built before, whatever of, or null; the newest of several.</summary>
    public GuestKernel? FindBuilt(string release)
    {
        var folders = Directory.Exists(cacheFolder) ? Directory.GetDirectories(cacheFolder) : [];
        return folders.Where(IsBuilt)
            .OrderByDescending(static f => File.GetLastWriteTimeUtc(Path.Combine(f, ImageName)))
            .Select(static f => Read(f, "a kernel that was built before"))
            .FirstOrDefault(k => k.Release.StartsWith(release + ".", StringComparison.Ordinal));
    }

    private static GuestKernel Read(string folder, string name)
    {
        var image = Path.Combine(folder, ImageName);
        var symbols = SymbolTable.Read(File.ReadLines(Path.Combine(folder, SymbolsName)));
        return new GuestKernel(image, name, BootImage.ReleaseOf(image), symbols)
        {
            Modules = Directory.GetFiles(folder, "*.ko"),
        };
    }

    private static bool IsBuilt(string folder) => File.Exists(Path.Combine(folder, ImageName));

    private string KeyOf(KernelTree tree, CancellationToken token)
    {
        var compiler = ChildProcess.Run("gcc", ["--version"], token);
        return Hash($"{tree.Folder}\n{compiler}\n{File.ReadAllText(configuration)}");
    }

    private static string Hash(string text)
    {
        const int KeyBytes = 16;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, KeyBytes));
    }

    /// <summary>Compiles in a folder what has changed since the last time, and puts the image into another.</summary>
    private void Build(KernelTree tree, string folder, string made, CancellationToken token)
    {
        var objects = Directory.CreateDirectory(Path.Combine(folder, "objects")).FullName;
        var options = Path.Combine(objects, ".config");
        onProgress($"building a kernel of {tree.Name} ... (minutes the first time)");
        var wanted = File.ReadAllText(configuration);
        var applied = Path.Combine(folder, "config");
        if (!File.Exists(options) || !File.Exists(applied) || File.ReadAllText(applied) != wanted)
        {
            Run(tree, objects, "tinyconfig", token);
            File.AppendAllText(options, wanted);
            Run(tree, objects, "olddefconfig", token);
            File.WriteAllText(applied, wanted);
        }

        Run(tree, objects, ImageName, token);
        Directory.CreateDirectory(made);
        if (File.ReadAllText(options).Contains("CONFIG_TDX_HOST_SERVICES=m", StringComparison.Ordinal))
        {
            Copy(Path.Combine(objects, "vmlinux.symvers"), Path.Combine(objects, "Module.symvers"));
            Run(tree, objects, HostServices, token);
            Copy(Path.Combine(objects, HostServices), Path.Combine(made, Path.GetFileName(HostServices)));
        }

        Copy(Path.Combine(objects, SymbolsName), Path.Combine(made, SymbolsName));
        Copy(Path.Combine(objects, "arch", "x86", "boot", ImageName), Path.Combine(made, ImageName));
    }

    /// <summary>Who boots the file that was there goes on with it.</summary>
    private static void Copy(string from, string to)
    {
        File.Copy(from, to + ".new", overwrite: true);
        File.Move(to + ".new", to, overwrite: true);
    }

    private static void Run(KernelTree tree, string objects, string target, CancellationToken token)
    {
        using var make = ChildProcess.Start(
            "make",
            ["-s", $"-j{Environment.ProcessorCount}", "-C", tree.Folder, $"O={objects}", "KBUILD_BUILD_TIMESTAMP=0",
                "KBUILD_BUILD_USER=tdxverify", "KBUILD_BUILD_HOST=tdxverify", target],
            token);
        var output = make.ReadOutput();
        var end = make.End();
        if (end.ExitCode != 0)
            throw new GuestException($"can't build a kernel of {tree.Name}: {Complaint(end.Errors, output)}");
    }

    private static string Complaint(string errors, string output)
    {
        (string Sign, string Package)[] tools =
            [("flex: not found", "flex"), ("bison: not found", "bison"), ("bc: not found", "bc"),
                ("gelf.h", "libelf-dev"), ("libelf.h", "libelf-dev"), ("flex: No such", "flex"),
                ("bison: No such", "bison")];
        var missing = Array.Find(tools, t => errors.Contains(t.Sign, StringComparison.Ordinal));
        if (missing.Package is not null)
            return $"{missing.Package} is missing; install flex, bison, bc and libelf-dev";

        if (errors.Contains("source tree is not clean", StringComparison.Ordinal))
            return "it was built in place; name its arch/x86/boot/bzImage, or run make mrproper in it";

        var lines = (errors + output).Split('\n');
        return Array.Find(lines, static l => l.Contains("rror", StringComparison.Ordinal)) ?? lines[0];
    }
}
