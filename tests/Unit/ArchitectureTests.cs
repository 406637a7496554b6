// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TdxVerify.Tests.Unit;

/// <summary>The arrows of docs/architecture.md, checked on the sources themselves.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> ProjectArrows = new()
    {
        ["Model"] = [],
        ["Scenarios"] = ["Model"],
        ["Subjects"] = ["Model"],
        ["Diagnosis"] = ["Model", "Scenarios", "Subjects"],
        ["Conformance"] = ["Model", "Scenarios", "Subjects", "Diagnosis"],
        ["Properties"] = ["Model"],
        ["Search"] = ["Model", "Scenarios", "Subjects", "Properties"],
        ["Reporting"] = ["Model", "Scenarios", "Subjects", "Diagnosis", "Conformance", "Properties", "Search"],
        ["Bench"] = ["Model", "Subjects", "Properties", "Search", "Reporting"],
        ["Cli"] = ["Model", "Scenarios", "Subjects", "Diagnosis", "Conformance", "Properties", "Search", "Reporting", "Bench"],
    };

    private static readonly Dictionary<string, string[]> ModelArrows = new()
    {
        ["Addressing"] = [],
        ["Platform"] = ["Addressing"],
        ["Cases"] = ["Addressing", "Platform"],
        ["Memblock"] = ["Addressing", "Platform", "Cases"],
        ["Seamcall"] = ["Addressing", "Platform", "Cases"],
        ["TdxHost"] = ["Addressing", "Platform", "Cases", "Memblock", "Seamcall", "Hotplug", "Numa"],
        ["TdxModule"] = ["Addressing", "Platform", "Cases", "Seamcall"],
        ["Numa"] = ["Addressing", "Platform", "Cases"],
        ["Hotplug"] = ["Addressing", "Platform", "Cases", "Memblock"],
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
            var referenced = XDocument.Load(project).Descendants("ProjectReference")
                .Select(static r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)).Order();
            Assert.Equal(ProjectArrows[name].Order(), referenced);
        }
    }

    [Fact]
    public void OnlyTheCommandLineAndTheBenchmarksHavePackages() => Assert.Empty(
        Projects()
            .Where(static p => Path.GetFileNameWithoutExtension(p) is not ("Cli" or "Bench"))
            .Where(static p => XDocument.Load(p).Descendants("PackageReference").Any()));

    [Fact]
    public void InsideTheModelNamespacesFollowTheArrows()
    {
        Assert.Equal(ModelArrows.Keys.Order(), Directory.GetDirectories(Path.Combine(Source, "Model")).Select(Path.GetFileName).Where(static f => f is not ("bin" or "obj")).Order());
        foreach (var file in CodeFiles().Where(static f => f.Folders[0] == "Model"))
        {
            foreach (Match used in ModelNamespace().Matches(file.Text))
            {
                var folder = used.Groups[1].Value;
                Assert.True(
                    folder == file.Folders[1] || ModelArrows[file.Folders[1]].Contains(folder),
                    $"{file.Path} uses Model.{folder}");
            }
        }
    }

    [Fact]
    public void AnInvariantCanNotAskTheModel()
    {
        string[] allowed = ["Addressing", "Platform", "Cases", "Seamcall"];
        Assert.Empty(
            from file in CodeFiles().Where(static f => f.Folders[0] == "Properties")
            from Match used in ModelNamespace().Matches(file.Text)
            where !allowed.Contains(used.Groups[1].Value)
            select $"{file.Path} uses Model.{used.Groups[1].Value}");
    }

    [Fact]
    public void TheModelIsPure()
    {
        string[] impure = ["System.IO", "File.", "Console.", "new Random", "Random.Shared", "DateTime", "Stopwatch", "Environment.GetEnv", "Thread", "Task<", "Process."];
        Assert.Empty(
            from file in CodeFiles().Where(static f => f.Folders[0] == "Model")
            from word in impure
            where file.Text.Contains(word, StringComparison.Ordinal)
            select $"{file.Path} says {word}");
    }

    [Fact]
    public void AFileLiesWhereItsNamespaceSays() => Assert.Empty(CodeFiles()
        .Where(static f => f.Folders[^1] != "Cli" || Path.GetFileName(f.Path) != "Program.cs")
        .Where(static f => !f.Text.Contains($"namespace TdxVerify.{string.Join('.', f.Folders)};", StringComparison.Ordinal))
        .Select(static f => f.Path));

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

    private static IEnumerable<(string Path, string[] Folders, string Text)> CodeFiles()
    {
        foreach (var path in Directory.GetFiles(Source, "*.cs", SearchOption.AllDirectories).Order())
        {
            var folders = Path.GetRelativePath(Source, Path.GetDirectoryName(path)!).Split(Path.DirectorySeparatorChar);
            if (!folders.Contains("obj") && !folders.Contains("bin"))
            {
                yield return (Path.GetRelativePath(Repository.Root, path), folders, File.ReadAllText(path));
            }
        }
    }

    [GeneratedRegex(@"\bModel\.([A-Z]\w+)\b")]
    private static partial Regex ModelNamespace();
}
