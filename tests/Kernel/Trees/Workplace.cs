// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>A folder of its own for one test, with a cache in it.</summary>
internal sealed class Workplace : IDisposable
{
    public Workplace() => Trees = new TreeFinder(Cache, Told.Add);

    public string Folder { get; } = Directory.CreateTempSubdirectory("tdxverify-test-").FullName;

    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Lines of progress.</summary>
    public List<string> Told { get; } = [];

    public TreeFinder Trees { get; }

    public string At(string name) => Path.Combine(Folder, name);

    public KernelTree Open(string name) => Trees.Open(name, CancellationToken.None);

    /// <summary>The line that a name is refused with.</summary>
    public string Refusal(string name) => Assert.Throws<KernelTreeException>(() => Open(name)).Message;

    /// <summary>A small tree with all files that are looked for, and some that are not.</summary>
    public string MakeTree(string name)
    {
        foreach (var file in new[] { "include/linux/memblock.h", "arch/x86/include/asm/tdx.h", "arch/x86/virt/vmx/tdx/tdx.c", "mm/memblock.c", "mm/internal.h", "mm/mm_init.h", "mm/slub.c", "lib/sort.c", "arch/x86/Kconfig", "tools/include/linux/list.h" })
        {
            Write(name, file, $"/* {file} */\n");
        }

        Write(name, "Makefile", "# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\nNAME = Baby Opossum Posse\n");
        return At(name);
    }

    public void Write(string tree, string file, string text)
    {
        var path = Path.Combine(Folder, tree, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Runs a program in the folder.</summary>
    public string Run(string program, params string[] arguments) => ChildProcess.Run(program, arguments, CancellationToken.None, Folder);

    /// <summary>True when a program is on this machine.</summary>
    public bool Has(string program)
    {
        using var shell = ChildProcess.Start("sh", ["-c", "command -v " + program], CancellationToken.None, Folder);
        shell.ReadOutput();
        return shell.End().ExitCode == 0;
    }

    /// <summary>What a kind of trees has in the cache, hidden entries too.</summary>
    public string[] Cached(string kind) =>
        Directory.Exists(Path.Combine(Cache, kind)) ? [.. Directory.GetFileSystemEntries(Path.Combine(Cache, kind)).Select(static e => Path.GetFileName(e)).Order()] : [];

    /// <summary>Makes a linux-source package of a small tree.</summary>
    /// <returns>The .deb file.</returns>
    public string MakePackage(DebianSource source, string folder)
    {
        MakeTree("build/" + source.Package);
        Write("package", "DEBIAN/control", $"Package: {source.Package}\nVersion: {source.Version}\nArchitecture: all\nMaintainer: Test <test@localhost>\nDescription: test\n");
        Write("package", "usr/share/doc/copyright", "text\n");
        Directory.CreateDirectory(At("package/usr/src"));
        Run("tar", "--create", "--gzip", $"--file=package/usr/src/{source.Package}.tar.gz", "--directory=build", source.Package);
        var file = Path.Combine(folder, source.Key + "_all.deb");
        Run("dpkg-deb", "--build", "package", file);
        Directory.Delete(At("package"), recursive: true);
        return file;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
