// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Subjects.Kernel.Building;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>
/// Searches of edited kernels. Tests run one after another, but a compiler and a worker take one processor each: some runs that
/// later tests will ask for go on beside the one that is asked for now.
/// </summary>
/// <param name="edits">The edits; every one has a test.</param>
/// <param name="cases">Cases of each search.</param>
/// <param name="strategy">What kind of machines.</param>
internal sealed class EditRuns(IReadOnlyList<SourceEdit> edits, ulong cases, Strategy strategy = Strategy.Mixed)
{
    private static readonly int Most = 2 * Environment.ProcessorCount;
    private static readonly SemaphoreSlim Turn = new(Environment.ProcessorCount);

    private readonly Dictionary<string, Task<Campaign>> _runs = [];
    private int _asked;

    /// <summary>The search of one edit.</summary>
    public Campaign Of(SourceEdit edit)
    {
        var tree = KernelSource.Require();
        _asked++;
        var run = Start(tree, edit);
        foreach (var next in edits.Where(e => !_runs.ContainsKey(e.Name)).Take(Math.Max(0, _asked + Most - _runs.Count)).ToList())
        {
            Start(tree, next);
        }

        return run.GetAwaiter().GetResult();
    }

    /// <summary>Compiles an edited kernel.</summary>
    public static BuiltKernel Build(KernelTree tree, SourceEdit edit)
    {
        using var edited = new EditedTree(tree, edit);
        return BuildFolder.Build(edited.Tree);
    }

    private Task<Campaign> Start(KernelTree tree, SourceEdit edit)
    {
        if (!_runs.TryGetValue(edit.Name, out var run))
        {
            run = Run(tree, edit);
            _runs.Add(edit.Name, run);
        }

        return run;
    }

    private async Task<Campaign> Run(KernelTree tree, SourceEdit edit)
    {
        await Turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => KernelSearch.Run(KernelSearch.Options(Build(tree, edit), cases) with { Strategy = strategy })).ConfigureAwait(false);
        }
        finally
        {
            Turn.Release();
        }
    }
}
