// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Source;

public enum CTokenKind
{
    Word,
    Number,
    /// <summary>A string or a character.</summary>
    Text,
    Mark,
    /// <summary>A whole line of the preprocessor, with its continuations.</summary>
    Directive,
}

/// <summary>A token of C; comments and blanks are none.</summary>
/// <param name="Start">Offset in the file.</param>
/// <param name="Line">From 1.</param>
public readonly record struct CToken(CTokenKind Kind, int Start, int Line, string Text)
{
    public int End => Start + Text.Length;

    public bool Is(string text) => Text == text;
}
