// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Kills;

/// <summary>One search of a mutant.</summary>
/// <param name="Property">The property that was violated, or null: it survived.</param>
/// <param name="Also">What the same case violates besides.</param>
/// <param name="Cases">Cases up to the one that was noticed; of a survivor all.</param>
/// <param name="Seconds">Seconds from the start of its process to the first violation.</param>
public sealed record Kill(string? Property, IReadOnlyList<string> Also, ulong Cases, double Seconds)
{
    public bool IsKilled => Property is not null;

    /// <summary>Steps and lines of the shrunk scenario, where it was shrunk.</summary>
    public (int Steps, int Lines)? Size { get; init; }
}
