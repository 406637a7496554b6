// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using TdxVerify.KernelTrees;

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>Compiles kernel trees with native/kernel. A library lies in a cache under a hash of all that was compiled;
/// it is never shipped.</summary>
/// <param name="onProgress">Hears before something that takes seconds.</param>
public sealed class KernelBuild(string sources, string cacheFolder, Action<string>? onProgress = null)
{
    private const string LibraryName = "tdxkernel.so";
    private const string ThreadsName = "tdxthreads";

    /// <summary>native/kernel as it lies beside this program.</summary>
    public static string DefaultSources => Path.Combine(AppContext.BaseDirectory, "native", "kernel");

    /// <summary>Where libraries lie when nobody says.</summary>
    public static string DefaultCacheFolder => Path.Combine(UserFolders.Cache, "kernels");

    /// <summary>Compiles a tree, or finds what was compiled of the same sources before.</summary>
    /// <exception cref="KernelBuildException">It can't be compiled.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public BuiltKernel Make(KernelTree tree, BuildKind kind, CancellationToken token)
    {
        Directory.CreateDirectory(cacheFolder);
        var flags = FlagsOf(kind);
        using var temporary = new TemporaryFolder(cacheFolder);
        RunMake(tree, temporary.Path, kind, "preprocessed", token);
        var key = KeyOf(temporary.Path, tree, flags, token);
        var folder = Path.Combine(cacheFolder, key);
        var made = Path.Combine(folder, kind == BuildKind.ThreadSanitized ? ThreadsName : LibraryName);
        if (!File.Exists(made))
        {
            onProgress?.Invoke($"compiling {tree.Name} ...");
            RunMake(tree, temporary.Path, kind, kind == BuildKind.ThreadSanitized ? "threads" : "all", token);
            Keep(temporary.Path, folder, made);
        }

        var features = File.ReadAllLines(Path.Combine(folder, "features.h"));
        return new BuiltKernel(tree, made, [.. Features(features)], Profile(features))
        {
            Compiler = "gcc " + ChildProcess.Run("gcc", ["-dumpfullversion"], token).Trim(),
        };
    }

    /// <summary>Compiles what includes one file that has another text, and links it with the rest of a tree that is
    /// built; or finds what was compiled of the same before, beside it.</summary>
    /// <param name="original">The tree as it is.</param>
    /// <param name="file">From the top of the tree.</param>
    /// <exception cref="KernelBuildException">It can't be compiled.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public BuiltKernel MakeChanged(
        BuiltKernel original, BuildKind kind, string file, string text, CancellationToken token)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, file);
        Append(hash, text);
        var folder = Path.Combine(original.Folder, "changed", Key(hash));
        var made = Path.Combine(folder, LibraryName);
        if (!File.Exists(made))
        {
            using var temporary = new TemporaryFolder(cacheFolder);
            using var edited = new EditedTree(original.Tree, file, text);
            var units = string.Join(' ', UnitsOf(original, file));
            RunMake(
                edited.Tree, temporary.Path, kind, "changed", token, $"BASE={original.Folder}",
                $"FEATURES={original.Folder}/features.h", $"GENERIC={original.Folder}/generic", $"UNITS={units}");
            Directory.CreateDirectory(folder);
            File.Move(Path.Combine(temporary.Path, LibraryName), made, overwrite: true);
        }

        return original with { Library = made };
    }

    /// <summary>Names of what is compiled of a file: their preprocessed text says where it comes from.</summary>
    private static IEnumerable<string> UnitsOf(BuiltKernel built, string file)
    {
        const string Suffix = ".kernel.i";
        return Directory.GetFiles(built.Folder, "*" + Suffix).Order(StringComparer.Ordinal)
            .Where(i => File.ReadAllText(i).Contains("/" + file + "\"", StringComparison.Ordinal))
            .Select(static i => Path.GetFileName(i)[..^Suffix.Length]);
    }

    private static string DefinesOf(BuildKind kind) => kind switch
    {
        BuildKind.Sanitized => "-DENV_SANITIZED",
        BuildKind.ThreadSanitized => "-DENV_THREADS",
        BuildKind.Coverage => "-DENV_COVERAGE",
        BuildKind.Edges => "-DENV_EDGES",
        _ => "",
    };

    private static string FlagsOf(BuildKind kind) => kind switch
    {
        BuildKind.Sanitized =>
            "-fsanitize=address,undefined -fno-sanitize=alignment -fno-sanitize-recover=undefined "
                + "-fno-omit-frame-pointer",
        BuildKind.ThreadSanitized => "-fsanitize=thread",
        BuildKind.Coverage => "--coverage -O0",
        BuildKind.Edges => "-fsanitize-coverage=trace-pc",
        _ => "",
    };

    /// <summary>What is used before it is set may be harmless by what it happens to hold: sanitized kernels hold
    /// something else.</summary>
    private static string InitOf(BuildKind kind) => kind == BuildKind.Sanitized ? "zero" : "pattern";

    private static IEnumerable<string> Features(IEnumerable<string> header)
    {
        const string Prefix = "#define ENV_HAS_";
        return header.Where(static l => l.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(static l => l[Prefix.Length..].Split(' ')[0]);
    }

    private static string? Profile(IEnumerable<string> header)
    {
        const string Prefix = "/* profile ";
        var name = header.First(static l => l.StartsWith(Prefix, StringComparison.Ordinal))[Prefix.Length..]
            .Split(' ')[0];
        return name == "none" ? null : name;
    }

    /// <summary>Two builds of the same at once both succeed: who comes second throws his own away.</summary>
    private static void Keep(string temporary, string folder, string made)
    {
        try
        {
            Directory.Move(temporary, folder);
        }
        catch (IOException) when (File.Exists(made))
        {
            // Somebody was faster.
        }
    }

    private string KeyOf(string made, KernelTree tree, string flags, CancellationToken token)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, flags);
        Append(hash, ChildProcess.Run("gcc", ["--version"], token));

        // What names the profile is declared in files that are not compiled, too.
        Append(hash, File.ReadAllText(Path.Combine(made, "features.h")));
        foreach (var file in Directory.GetFiles(made, "*.i").Order(StringComparer.Ordinal))
        {
            // Line numbers count, because reports show them; where the tree lies does not.
            Append(hash, File.ReadAllText(file).Replace(made, "", StringComparison.Ordinal)
                .Replace(tree.Folder, "", StringComparison.Ordinal));
        }

        foreach (
            var file in Directory.GetFiles(sources, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Append(hash, Path.GetRelativePath(sources, file));
            Append(hash, File.ReadAllText(file));
        }

        return Key(hash);
    }

    private static string Key(IncrementalHash hash)
    {
        const int KeyBytes = 16;
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, KeyBytes));
    }

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    private void RunMake(
        KernelTree tree, string folder, BuildKind kind, string target, CancellationToken token,
        params string[] variables)
    {
        using var make = Start(tree, folder, kind, [.. variables, target], token);
        make.CloseInput();
        var output = make.ReadOutput();
        var end = make.End();
        if (end.ExitCode != 0)
        {
            var problem = BuildLog.FirstProblem(end.Errors + output);
            throw new KernelBuildException($"can't compile {tree.Name}: {problem}; {BuildLog.Advice(problem)}");
        }
    }

    private ChildProcess Start(
        KernelTree tree, string folder, BuildKind kind, string[] targets, CancellationToken token)
    {
        try
        {
            return ChildProcess.Start(
                "make",
                ["-s", "-j", "4", "-C", sources, $"KSRC={tree.Folder}", $"OUT={folder}", $"EXTRA={FlagsOf(kind)}",
                    $"DEFINES={DefinesOf(kind)}", $"INIT={InitOf(kind)}", .. targets],
                token);
        }
        catch (KernelTreeException missing)
        {
            throw new KernelBuildException(missing.Message);
        }
    }
}
