// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>A small change of a kernel's source.</summary>
/// <param name="Name">What fails, in a word. Edits of that name are the same fault in sources of different releases.</param>
/// <param name="File">The file.</param>
/// <param name="Old">What is there; it must be there once.</param>
/// <param name="New">What is there instead.</param>
/// <param name="Breaks">Ids of properties, or families of them, that may name it; one is enough. None: it changes nothing.</param>
public sealed record SourceEdit(string Name, string File, string Old, string New, params string[] Breaks)
{
    /// <summary>The first release that it applies to.</summary>
    public Version Since { get; init; } = new(6, 8);

    /// <summary>The first release that it no longer applies to, or null.</summary>
    public Version? Until { get; init; }

    /// <summary>True when a property may name it.</summary>
    public bool IsNamedBy(string id) => Breaks.Any(b => b == id || (b.All(char.IsLetter) && id.StartsWith(b, StringComparison.Ordinal)));

    /// <summary>True when a release has the code that it changes.</summary>
    public bool AppliesTo(Version release) => release >= Since && (Until is null || release < Until);
}
