// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TdxVerify.Tests.Unit;

/// <summary>The arrows of docs/architecture.md, checked on the sources themselves.</summary>
public sealed class ArchitectureTests
{
    private static string Source => Path.Combine(Repository.Root, "src");

    /// <summary>The tables are made from the project files; TDXVERIFY_BLESS=1 writes them.</summary>
    [Fact]
    public void TheTablesOfTheArchitectureAreThoseOfTheProjects()
    {
        const string Begin = "<!-- made from the project files -->\n";
        const string End = "<!-- end -->\n";
        var path = Path.Combine(Repository.Root, "docs", "architecture.md");
        var text = File.ReadAllText(path);
        var first = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var last = text.IndexOf(End, StringComparison.Ordinal);
        var made = string.Concat(Tables().Select(static l => l + "\n"));
        if (Environment.GetEnvironmentVariable("TDXVERIFY_BLESS") == "1")
        {
            File.WriteAllText(path, text[..first] + made + text[last..]);
            return;
        }

        Assert.Equal(made, text[first..last]);
    }

    /// <summary>That is what "a property can't ask the model for the answer" rests on; the compiler keeps the rest.</summary>
    [Fact]
    public void PropertiesSeeCoreAlone() => Assert.Equal(["Core"], Included(ProjectFile("Properties"), "ProjectReference"));

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

    [Theory]
    [InlineData("Core")]
    [InlineData("Model")]
    public void RoomsUseWhatTheirProjectSays(string project)
    {
        var rooms = Rooms(project).ToDictionary(static r => r.Name, static r => r.Uses.Split(' '));
        Assert.Equal(
            rooms.Keys.Order(),
            Directory.GetDirectories(Path.Combine(Source, project)).Select(Path.GetFileName).Except(["bin", "obj"]).Order());
        Assert.Empty(
            from file in CodeFiles().Where(f => f.Folders[0] == project)
            let own = file.Folders.ElementAtOrDefault(1)
            from Match used in Regex.Matches(file.Text, $@"\b{project}\.([A-Z]\w+)\b")
            where used.Groups[1].Value != own && (own is null || !rooms[own].Contains(used.Groups[1].Value))
            select $"{file.Path} uses {used.Value}");
    }

    [Fact]
    public void NoLineIsTooLong() => Assert.Empty(
        from file in CodeFiles()
        from line in file.Text.Split('\n')
        where line.Length >= 120
        select $"{file.Path}: {line.Trim()}");

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

    /// <summary>
    /// Whoever changes a folder of src finds its unit tests in the folder of the same name. A subject of tests alone has
    /// a folder below src/Subjects as it would have there.
    /// </summary>
    [Fact]
    public void UnitTestsLieInFoldersOfSrc()
    {
        var tests = Path.Combine(Repository.Root, "tests", "Unit");
        foreach (var (path, folders, text) in CodeFiles(tests).Where(static f => f.Folders[0] != "."))
        {
            var isOfTestsAlone = folders is ["Subjects", "Transcript"];
            Assert.True(
                isOfTestsAlone || Directory.Exists(Path.Combine([Source, .. folders])), $"{path} lies in no folder of src");
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

    private static IEnumerable<string> Tables()
    {
        yield return "| folder | what is in it | may use |";
        yield return "|---|---|---|";
        var all = Projects().Select(Path.GetFileNameWithoutExtension).ToList();
        var seen = all.ToDictionary(static p => p!, static p => Included(ProjectFile(p!), "ProjectReference").ToList());
        foreach (var project in all.OrderBy(p => seen[p!].Count).ThenBy(static p => p, StringComparer.Ordinal))
        {
            var holds = XDocument.Load(ProjectFile(project!)).Descendants("Description").Single().Value;
            yield return $"| src/{project} | {holds} | {Names(seen[project!])} |";
            foreach (var room in Rooms(project!))
            {
                yield return $"| src/{project}/{room.Name} | {room.Holds} | {Names(room.Uses.Split(' ', StringSplitOptions.RemoveEmptyEntries))} |";
            }
        }
    }

    private static string Names(IReadOnlyCollection<string> names) => names.Count == 0 ? "-" : string.Join(", ", names);

    private static IEnumerable<(string Name, string Uses, string Holds)> Rooms(string project) =>
        XDocument.Load(ProjectFile(project)).Descendants("Room")
            .Select(static r => ((string)r.Attribute("Include")!, (string)r.Attribute("Uses")!, (string)r.Attribute("Holds")!));

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
}
