// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Mutation.Rivals;

/// <summary>Something else that makes cases, beside which strategies are measured.</summary>
/// <param name="Name">What it is called in a table.</param>
/// <param name="Kind">How it wants a kernel compiled.</param>
/// <param name="CommandOf">The command that makes cases for a target, with a seed and a folder of its own.</param>
public sealed record Rival(
    string Name, BuildKind Kind, Func<IReadOnlyList<string>, ulong, string, IReadOnlyList<string>> CommandOf)
{
    /// <summary>A shell command that prints scenarios for ever; "{seed}" in it is the seed.</summary>
    public static Rival OfCommand(string name, string command) => new(
        name, BuildKind.Plain, (target, seed, _) =>
        [
            "sh", "-c",
            $"{{ {command.Replace("{seed}", Number(seed), StringComparison.Ordinal)}; }} | \"$@\"",
            "sh", .. target,
        ]);

    private static string Number(ulong seed) => seed.ToString(CultureInfo.InvariantCulture);
}
