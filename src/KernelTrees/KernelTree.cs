// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>A folder of kernel sources that holds at least what <see cref="TreeFiles"/> names.</summary>
/// <param name="Folder">Absolute. It may be the user's own: nothing is ever written to it.</param>
/// <param name="Name">How reports name it: "~/linux", "~/linux@v6.12 (1a2b3c4d5e6f)", "linux-source-6.12
/// 6.12.117-1~deb12u1".</param>
/// <param name="Version">"6.12.117" or "6.13.0-rc1" as the top Makefile says, or null when it doesn't.</param>
public sealed record KernelTree(string Folder, string Name, string? Version)
{
    /// <summary>The commit of a git repository's work tree, "1a2b3c4d5e6f" or "1a2b3c4d5e6f, changed"; null: it is
    /// none, or its name has it.</summary>
    public string? Commit { get; init; }

    /// <summary>The release that it belongs to, as two numbers: 6.12; or null.</summary>
    public Version? Release =>
        Version?.Split('.', '-') is [var major, var minor, ..]
            && System.Version.TryParse($"{major}.{minor}", out var release)
            ? release
            : null;
}
