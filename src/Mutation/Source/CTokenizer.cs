// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Source;

/// <summary>Cuts C into tokens. It knows no macros and no types: what a mutant breaks, the compiler tells.</summary>
internal sealed class CTokenizer(string text)
{
    // Longest first.
    private static readonly string[] Marks =
    [
        "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=",
        "%=", "&=", "|=", "^=", "##",
    ];

    private readonly List<CToken> _tokens = [];
    private int _at;
    private int _line = 1;
    private bool _isLineStart = true;

    public static List<CToken> Tokens(string text)
    {
        var tokenizer = new CTokenizer(text);
        while (tokenizer.Next())
        {
            // Each call takes one token, blank or comment.
        }

        return tokenizer._tokens;
    }

    private bool Next()
    {
        if (_at >= text.Length)
            return false;

        var c = text[_at];
        if (c == '\n')
        {
            Skip(1);
            _isLineStart = true;
        }
        else if (char.IsWhiteSpace(c))
            Skip(1);
        else if (IsAt("/*"))
            Skip(LengthTo("*/", 2));
        else if (IsAt("//"))
            Skip(LengthTo("\n", 2) - 1);
        else
            Take(c);

        return true;
    }

    private void Take(char c)
    {
        var (kind, length) = c == '#' && _isLineStart ? (CTokenKind.Directive, DirectiveLength())
            : char.IsAsciiLetter(c) || c == '_' ? (CTokenKind.Word, LengthWhile(IsWordPart))
            : char.IsAsciiDigit(c) ? (CTokenKind.Number, LengthWhile(IsWordPart))
            : c is '"' or '\'' ? (CTokenKind.Text, TextLength(c))
            : (CTokenKind.Mark, Marks.FirstOrDefault(IsAt)?.Length ?? 1);
        _tokens.Add(new CToken(kind, _at, _line, text.Substring(_at, length)));
        _isLineStart = false;
        Skip(length);
    }

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private bool IsAt(string mark) => string.CompareOrdinal(text, _at, mark, 0, mark.Length) == 0;

    private void Skip(int count)
    {
        _line += text.AsSpan(_at, count).Count('\n');
        _at += count;
    }

    private int LengthWhile(Func<char, bool> isPart)
    {
        var end = _at;
        while (end < text.Length && isPart(text[end]))
            end++;

        return end - _at;
    }

    /// <summary>Up to behind a mark, or to the end of the file.</summary>
    private int LengthTo(string mark, int from)
    {
        var found = _at + from <= text.Length ? text.IndexOf(mark, _at + from, StringComparison.Ordinal) : -1;
        return found < 0 ? text.Length - _at : found + mark.Length - _at;
    }

    private int TextLength(char quote)
    {
        var end = _at + 1;
        while (end < text.Length && text[end] != quote && text[end] != '\n')
            end += text[end] == '\\' ? 2 : 1;

        return Math.Min(end + 1, text.Length) - _at;
    }

    private int DirectiveLength()
    {
        var end = _at;
        while (end < text.Length && (text[end] != '\n' || text[end - 1] == '\\'))
            end++;

        return end - _at;
    }
}
