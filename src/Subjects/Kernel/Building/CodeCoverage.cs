// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.KernelTrees;

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>What gcov counted of a kernel's file, function by function in its order.</summary>
/// <param name="File">From the top of the tree.</param>
/// <param name="Guests">Functions that guests alone need, which nobody calls here; they are not counted.</param>
public sealed record CodeCoverage(
    string File, IReadOnlyList<string> Source, IReadOnlyList<FunctionCoverage> Functions, int Guests)
{
    private const string Folder = "arch/x86/virt/vmx/tdx/";

    private static readonly string[] Units = ["tdx", "seamldr"];

    // What the leaves of guests need besides.
    private static readonly string[] OfGuests =
        ["tdx_tdr_pa", "tdx_clflush_page", "tdx_clflush_pfn", "pg_level_to_tdx_sept_level", "mk_keyed_paddr"];

    /// <summary>Reads counts of tdx.c, and of seamldr.c where a kernel has it.</summary>
    /// <param name="kernel">The kernel that was compiled with counters.</param>
    /// <param name="folder">Where its processes left their counts.</param>
    /// <returns>None where none left any.</returns>
    public static IReadOnlyList<CodeCoverage> Read(BuiltKernel kernel, string folder, CancellationToken token) =>
        [.. Units.Select(unit => Read(kernel, folder, unit, token)).OfType<CodeCoverage>()];

    private static CodeCoverage? Read(BuiltKernel kernel, string folder, string unit, CancellationToken token)
    {
        var (path, notes, counts) = ($"{Folder}{unit}.c", unit + ".kernel.gcno", unit + ".kernel.gcda");
        var source = Path.Combine(kernel.Tree.Folder, path);
        if (!System.IO.File.Exists(Path.Combine(folder, counts)) || !System.IO.File.Exists(source))
            return null;

        System.IO.File.Copy(Path.Combine(kernel.Folder, notes), Path.Combine(folder, notes), overwrite: true);
        using var json =
            JsonDocument.Parse(
                ChildProcess.Run(
                    "gcov", ["--branch-probabilities", "--json-format", "--stdout", counts], token, folder));
        foreach (var file in json.RootElement.GetProperty("files").EnumerateArray())
        {
            if (!file.GetProperty("file").GetString()!.EndsWith(path, StringComparison.Ordinal))
                continue;

            var all = FunctionsOf(file).ToLookup(static f => IsOfGuests(f.Name));
            return new CodeCoverage(path, System.IO.File.ReadAllLines(source), [.. all[false]], all[true].Count());
        }

        return null;
    }

    private static bool IsOfGuests(string function) =>
        function.StartsWith("tdh_", StringComparison.Ordinal) || OfGuests.Contains(function);

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
