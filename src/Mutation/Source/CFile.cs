// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Source;

/// <summary>A C file of a kernel tree: its tokens, and the functions that it defines.</summary>
public sealed class CFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">From the top of the tree.</param>
    public CFile(string path, string text)
    {
        Path = path;
        Text = text;
        Tokens = CTokenizer.Tokens(text);
        Functions = [.. FindFunctions()];
    }

    public string Path { get; }
    public string Text { get; }
    public IReadOnlyList<CToken> Tokens { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CFunction> Functions { get; }

    /// <summary>Replaces tokens [first, end).</summary>
    public SourceEdit Replace(int first, int end, string text) =>
        new(Path, Tokens[first].Start, Tokens[end - 1].End - Tokens[first].Start, text);

    /// <summary>Puts something behind a token.</summary>
    public SourceEdit InsertBehind(int token, string text) => new(Path, Tokens[token].End, 0, text);

    public SourceEdit InsertBefore(int token, string text) => new(Path, Tokens[token].Start, 0, text);

    /// <summary>The text of tokens [first, end), as it stands.</summary>
    public string TextOf(int first, int end) =>
        first == end ? "" : Text[Tokens[first].Start..Tokens[end - 1].End];

    /// <summary>The mutants' names for lines: whole lines around an edit, blanks joined.</summary>
    public (int Line, string Before, string After) LinesAround(SourceEdit edit)
    {
        var start = Text.LastIndexOf('\n', Math.Max(edit.Start - 1, 0)) + 1;
        var last = Text.IndexOf('\n', edit.Start + edit.Length);
        var end = last < 0 ? Text.Length : last;
        var line = Text.AsSpan(0, edit.Start).Count('\n') + 1;
        return (line, Join(Text[start..end]), Join(edit.ApplyTo(Text)[start..(end - edit.Length + edit.Text.Length)]));
    }

    private static string Join(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IEnumerable<CFunction> FindFunctions()
    {
        var depth = 0;
        for (var i = 0; i < Tokens.Count; i++)
        {
            if (depth == 0 && Tokens[i].Is("{") && i > 0 && Tokens[i - 1].Is(")") && NameBefore(i - 1) is { } name)
            {
                var body = new CStatementReader(Tokens, Tokens.Count).ReadBlock(i);
                yield return new CFunction(this, name, body);
                i = body.End - 1;
                continue;
            }

            depth += Tokens[i].Text switch { "{" => 1, "}" => -1, _ => 0 };
        }
    }

    /// <summary>The word in front of the parentheses that end at an index.</summary>
    private string? NameBefore(int close)
    {
        var depth = 0;
        for (var i = close; i >= 0; i--)
        {
            depth += Tokens[i].Text switch { ")" => 1, "(" => -1, _ => 0 };
            if (depth == 0)
                return i > 0 && Tokens[i - 1].Kind == CTokenKind.Word ? Tokens[i - 1].Text : null;
        }

        return null;
    }
}
