// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>One thread of kernel code, step by atomic step.</summary>
internal sealed class RaceThread(int id, string name, IReadOnlyList<RaceStep> program)
{
    public int Id => id;
    public string Name => name;
    public int Next { get; set; }

    /// <summary>A counter of its own: the place in a list.</summary>
    public int Place { get; set; }

    public bool IsFound { get; set; }
    public bool IsDone => Next >= program.Count;
    public RaceStep Step => program[Next];
}

/// <summary>One atomic step.</summary>
/// <param name="Run">Does it, and says by how many steps the thread moves: 0 stays.</param>
internal sealed record RaceStep(
    string Name, Func<RaceContext, RaceThread, bool> CanRun, Func<RaceContext, RaceThread, int> Run)
{
    /// <summary>A step that never waits.</summary>
    public RaceStep(string name, Func<RaceContext, RaceThread, int> run)
        : this(name, static (_, _) => true, run)
    {
    }
}
