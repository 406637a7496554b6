// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation;

/// <summary>One place of a source file, and what stands there instead.</summary>
/// <param name="File">From the top of the tree.</param>
/// <param name="Start">Offset of the first character that goes.</param>
/// <param name="Length">Characters that go; 0: something is put in.</param>
public readonly record struct SourceEdit(string File, int Start, int Length, string Text)
{
    public string ApplyTo(string source) =>
        string.Concat(source.AsSpan(0, Start), Text, source.AsSpan(Start + Length));
}
