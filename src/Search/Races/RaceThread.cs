// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>One thread of kernel code, step by atomic step.</summary>
/// <param name="id">Its number.</param>
/// <param name="name">What it does.</param>
/// <param name="program">Its steps.</param>
internal sealed class RaceThread(int id, string name, IReadOnlyList<RaceStep> program)
{
    /// <summary>Its number.</summary>
    public int Id => id;

    /// <summary>What it does.</summary>
    public string Name => name;

    /// <summary>Which step comes next.</summary>
    public int Next { get; set; }

    /// <summary>A counter of its own: the place in a list.</summary>
    public int Place { get; set; }

    /// <summary>What the notifier found.</summary>
    public bool IsFound { get; set; }

    /// <summary>It has come to its end.</summary>
    public bool IsDone => Next >= program.Count;

    /// <summary>What it would do now.</summary>
    public RaceStep Step => program[Next];
}

/// <summary>One atomic step.</summary>
/// <param name="Name">What it does, in the kernel's words.</param>
/// <param name="CanRun">False while it waits for a lock.</param>
/// <param name="Run">Does it, and says by how many steps the thread moves: 0 stays.</param>
internal sealed record RaceStep(string Name, Func<RaceContext, RaceThread, bool> CanRun, Func<RaceContext, RaceThread, int> Run)
{
    /// <summary>A step that never waits.</summary>
    public RaceStep(string name, Func<RaceContext, RaceThread, int> run)
        : this(name, static (_, _) => true, run)
    {
    }
}
