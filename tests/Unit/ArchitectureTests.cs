// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TdxVerify.Tests.Unit;

/// <summary>The arrows of docs/architecture.md, checked on the sources themselves.</summary>
public sealed partial class ArchitectureTests
{
    // Properties sees Core alone: no invariant can ask the model for the answer.
    private static readonly Dictionary<string, string[]> ProjectArrows = new()
    {
        ["Core"] = [],
        ["Model"] = ["Core"],
        ["KernelTrees"] = [],
        ["Scenarios"] = ["Core", "Model"],
        ["Subjects"] = ["Core", "Model", "KernelTrees"],
        ["Diagnosis"] = ["Core", "Model", "Scenarios", "Subjects"],
        ["Conformance"] = ["Core", "Model", "Scenarios", "Subjects", "Diagnosis"],
        ["Properties"] = ["Core"],
        ["Search"] = ["Core", "Model", "KernelTrees", "Scenarios", "Subjects", "Properties"],
        ["Reporting"] = ["Core", "Model", "Scenarios", "Subjects", "Diagnosis", "Conformance", "Properties", "Search"],
        ["Measuring"] = ["Core", "Model", "Subjects", "Properties", "Search", "Reporting"],
        ["Bench"] = ["Core", "Model", "Properties", "Measuring"],
        ["Cli"] =
        [
            "Core", "Model", "KernelTrees", "Scenarios", "Subjects", "Diagnosis", "Conformance", "Properties", "Search",
            "Reporting", "Measuring",
        ],
    };

    private static readonly Dictionary<string, string[]> FolderArrows = new()
    {
        ["Core.Addressing"] = [],
        ["Core.Platform"] = ["Core.Addressing"],
        ["Core.KernelLog"] = [],
        ["Core.Cases"] = ["Core.Addressing", "Core.Platform", "Core.KernelLog"],
        ["Core.Seamcall"] = ["Core.Addressing", "Core.Platform", "Core.Cases"],
        ["Model.Memblock"] = ["Core.Addressing", "Core.Platform", "Core.Cases"],
        ["Model.TdxHost"] =
        [
            "Core.Addressing", "Core.Platform", "Core.Cases", "Core.Seamcall", "Core.KernelLog",
            "Model.Memblock", "Model.Hotplug", "Model.Numa",
        ],
        ["Model.TdxModule"] = ["Core.Addressing", "Core.Platform", "Core.Cases", "Core.Seamcall"],
        ["Model.Numa"] = ["Core.Addressing", "Core.Platform", "Core.Cases"],
        ["Model.Hotplug"] = ["Core.Addressing", "Core.Platform", "Core.Cases", "Model.Memblock"],
    };

    private static string Source => Path.Combine(Repository.Root, "src");

    [Fact]
    public void EveryProjectReferencesOnlyWhatTheArrowsAllow()
    {
        var projects = Projects().ToList();
        Assert.Equal(ProjectArrows.Keys.Order(), projects.Select(Path.GetFileNameWithoutExtension).Order());
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.Equal(ProjectArrows[name].Order(), Included(project, "ProjectReference").Order());
        }
    }

    [Fact]
    public void OnlyTheCommandLineAndTheBenchmarksHavePackages() => Assert.Empty(
        Projects()
            .Where(static p => Path.GetFileNameWithoutExtension(p) is not ("Cli" or "Bench"))
            .Where(static p => Included(p, "PackageReference").Any()));

    [Fact]
    public void TheProgramBringsNoPackageOfBenchmarksOrTests()
    {
        List<string> reached = ["Cli"];
        for (var i = 0; i < reached.Count; i++)
        {
            reached.AddRange(Included(ProjectFile(reached[i]), "ProjectReference").Except(reached).ToList());
        }

        Assert.Contains("Core", reached);
        Assert.Equal(
            ["Spectre.Console", "System.CommandLine"],
            reached.SelectMany(static p => Included(ProjectFile(p), "PackageReference")).Order());
    }

    [Fact]
    public void InsideCoreAndModelNamespacesFollowTheArrows()
    {
        Assert.Equal(
            FolderArrows.Keys.Order(),
            from project in (string[])["Core", "Model"]
            from folder in Directory.GetDirectories(Path.Combine(Source, project)).Select(Path.GetFileName)
            where folder is not ("bin" or "obj")
            orderby project, folder
            select $"{project}.{folder}");
        Assert.Empty(
            from file in CodeFiles().Where(static f => f.Folders[0] is "Core" or "Model")
            let own = string.Join('.', file.Folders.Take(2))
            from Match used in FolderOfCoreOrModel().Matches(file.Text)
            where used.Value != own && !FolderArrows[own].Contains(used.Value)
            select $"{file.Path} uses {used.Value}");
    }

    [Fact]
    public void CoreAndModelArePure()
    {
        string[] impure = ["System.IO", "File.", "Console.", "new Random", "Random.Shared", "DateTime", "Stopwatch", "Environment.GetEnv", "Thread", "Task<", "Process."];
        Assert.Empty(
            from file in CodeFiles().Where(static f => f.Folders[0] is "Core" or "Model")
            from word in impure
            where file.Text.Contains(word, StringComparison.Ordinal)
            select $"{file.Path} says {word}");
    }

    [Fact]
    public void AFileLiesWhereItsNamespaceSays() => Assert.Empty(CodeFiles()
        .Where(static f => f.Folders[^1] != "Cli" || Path.GetFileName(f.Path) != "Program.cs")
        .Where(static f => !f.Text.Contains($"namespace TdxVerify.{string.Join('.', f.Folders)};", StringComparison.Ordinal))
        .Select(static f => f.Path));

    /// <summary>Whoever changes a folder of src finds its unit tests in the folder of the same name.</summary>
    [Fact]
    public void UnitTestsLieInFoldersOfSrc()
    {
        var tests = Path.Combine(Repository.Root, "tests", "Unit");
        foreach (var (path, folders, text) in CodeFiles(tests).Where(static f => f.Folders[0] != "."))
        {
            Assert.True(Directory.Exists(Path.Combine([Source, .. folders])), $"{path} lies in no folder of src");
            Assert.Contains($"namespace TdxVerify.Tests.Unit.{string.Join('.', folders)};", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AFileIsNamedAfterWhatItHolds() => Assert.Empty(CodeFiles()
        .Where(static f => Path.GetFileName(f.Path) != "Program.cs")
        .Where(static f => !Regex.IsMatch(f.Text, $@"(class|struct|record|enum|interface) {Path.GetFileNameWithoutExtension(f.Path)}\b"))
        .Select(static f => f.Path));

    [Fact]
    public void NoFileIsTooLongOrNamedAfterNothing() => Assert.Empty(CodeFiles()
        .Where(static f => f.Text.Count(static c => c == '\n') > 400
            || Regex.IsMatch(Path.GetFileName(f.Path), "(Util|Utils|Helper|Helpers|Manager|Misc|Common)\\.cs$"))
        .Select(static f => f.Path));

    [Fact]
    public void EveryFileNamesItsLicence() => Assert.Empty(
        CodeFiles().Where(static f => !f.Text.StartsWith("// SPDX-License-Identifier: MIT\n", StringComparison.Ordinal)).Select(static f => f.Path));

    /// <summary>Benchmarks leave projects of their own under bin.</summary>
    private static IEnumerable<string> Projects() => Directory.GetDirectories(Source).SelectMany(static f => Directory.GetFiles(f, "*.csproj"));

    private static string ProjectFile(string name) => Path.Combine(Source, name, $"{name}.csproj");

    private static IEnumerable<string> Included(string project, string kind) => XDocument.Load(project).Descendants(kind)
        .Select(r => (string)r.Attribute("Include")!)
        .Select(i => kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(i) : i);

    private static IEnumerable<(string Path, string[] Folders, string Text)> CodeFiles(string? root = null)
    {
        root ??= Source;
        foreach (var path in Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories).Order())
        {
            var folders = Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Split(Path.DirectorySeparatorChar);
            if (!folders.Contains("obj") && !folders.Contains("bin"))
            {
                yield return (Path.GetRelativePath(Repository.Root, path), folders, File.ReadAllText(path));
            }
        }
    }

    [GeneratedRegex(@"\b(Core|Model)\.[A-Z]\w+\b")]
    private static partial Regex FolderOfCoreOrModel();
}
