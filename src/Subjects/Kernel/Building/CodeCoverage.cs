// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.KernelTrees;

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>What gcov counted of a kernel's tdx.c, function by function in the order of the file.</summary>
public sealed record CodeCoverage(IReadOnlyList<string> Source, IReadOnlyList<FunctionCoverage> Functions)
{
    /// <summary>The file that is counted.</summary>
    public const string File = "arch/x86/virt/vmx/tdx/tdx.c";

    private const string Notes = "tdx.kernel.gcno";
    private const string Counts = "tdx.kernel.gcda";

    /// <summary>Reads counts.</summary>
    /// <param name="kernel">The kernel that was compiled with counters.</param>
    /// <param name="folder">Where its processes left their counts.</param>
    /// <returns>Null when none left any.</returns>
    public static CodeCoverage? Read(BuiltKernel kernel, string folder, CancellationToken token)
    {
        if (!System.IO.File.Exists(Path.Combine(folder, Counts)))
            return null;

        System.IO.File.Copy(Path.Combine(kernel.Folder, Notes), Path.Combine(folder, Notes), overwrite: true);
        using var json =
            JsonDocument.Parse(
                ChildProcess.Run(
                    "gcov", ["--branch-probabilities", "--json-format", "--stdout", Counts], token, folder));
        var source = System.IO.File.ReadAllLines(Path.Combine(kernel.Tree.Folder, File));
        foreach (var file in json.RootElement.GetProperty("files").EnumerateArray())
        {
            if (file.GetProperty("file").GetString()!.EndsWith(File, StringComparison.Ordinal))
                return new CodeCoverage(source, [.. FunctionsOf(file)]);
        }

        return null;
    }

    private static IEnumerable<FunctionCoverage> FunctionsOf(JsonElement file)
    {
        foreach (var group in file.GetProperty("lines").EnumerateArray()
            .GroupBy(static l => l.TryGetProperty("function_name", out var name) ? name.GetString()! : "")
            .Where(static g => g.Key.Length > 0))
        {
            var lines = group.Select(static l => (Number: l.GetProperty("line_number").GetInt32(), Line: l)).ToList();
            var branches =
                lines.SelectMany(
                    static l => l.Line.GetProperty("branches").EnumerateArray()
                        .Select(b => (l.Number, Count: b.GetProperty("count").GetInt64()))).ToList();
            yield return new FunctionCoverage(
                group.Key,
                lines.Count,
                [.. lines.Where(static l => l.Line.GetProperty("count").GetInt64() == 0).Select(static l => l.Number)],
                branches.Count,
                [.. branches.Where(static b => b.Count == 0).Select(static b => b.Number)]);
        }
    }
}
