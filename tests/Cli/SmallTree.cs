// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Cli;

/// <summary>The entry script over a few files and a dotnet that only notes when it builds.</summary>
internal sealed class SmallTree : IDisposable
{
    private const string Dotnet = """
        #!/bin/bash
        here=$(dirname "${BASH_SOURCE[0]}")
        if [ "$1" != build ]; then echo "run"; exit 0; fi
        echo build >>"$here/builds"
        sleep 0.05 # so that what follows is later than the start, however coarse the clock of the file system
        root=$here/../tree
        mkdir -p "$root"/src/{Cli,Model}/{obj,bin}
        echo restored >"$root/src/Cli/obj/project.assets.json"
        if [ -e "$here/during" ]; then mv "$here/during" "$here/now"; source "$here/now"; fi
        mkdir -p "$root/src/Cli/bin/Debug/net10.0"
        touch "$root/src/Cli/bin/Debug/net10.0/tdxverify.dll"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdxverify-script-");

    public SmallTree()
    {
        Executable("bin/dotnet", Dotnet);
        Executable("tree/tdxverify", File.ReadAllText(Path.Combine(Repository.Root, "tdxverify")));
        foreach (var name in (string[])["src/Cli/Cli.csproj", "src/Cli/Program.cs", "src/Model/Size.cs", "native/kernel/env.c",
            "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"])
        {
            File.WriteAllText(PathOf("tree/" + name), name);
        }
    }

    /// <summary>How often it was built.</summary>
    public int Builds => File.Exists(PathOf("bin/builds")) ? File.ReadAllLines(PathOf("bin/builds")).Length : 0;

    /// <summary>A line of bash that the next build runs while it builds, in the folder of the tree.</summary>
    public void DuringBuild(string line) => File.WriteAllText(PathOf("bin/during"), $"cd '{PathOf("tree/")}'; {line}\n");

    /// <summary>Runs a line of bash in the folder of the tree.</summary>
    public void Bash(string line) => Assert.Equal(0, Script.Run(["-c", $"cd '{PathOf("tree/")}' && {line}"], script: "/bin/bash").ExitCode);

    /// <summary>Runs the entry script.</summary>
    public Script.Result Run() => Script.Run(
        [$"PATH={PathOf("bin/")}:{Environment.GetEnvironmentVariable("PATH")}", PathOf("tree/tdxverify"), "list"], script: "/usr/bin/env");

    public void Dispose() => _folder.Delete(recursive: true);

    private void Executable(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        Bash($"chmod +x '{PathOf(name)}'");
    }

    private string PathOf(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
