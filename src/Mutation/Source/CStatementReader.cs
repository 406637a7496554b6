// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Source;

/// <summary>Reads the statements of a function. Kernel style is what it relies on: a word and parentheses with no
/// semicolon behind is a macro that loops.</summary>
internal sealed class CStatementReader(IReadOnlyList<CToken> tokens, int end)
{
    private static readonly HashSet<string> JumpWords = ["return", "goto", "break", "continue"];
    private static readonly HashSet<string> TypeWords =
    [
        "struct", "union", "enum", "const", "static", "unsigned", "signed", "int", "long", "short", "char", "bool",
        "void", "u8", "u16", "u32", "u64", "size_t", "phys_addr_t", "LIST_HEAD", "DEFINE_RAW_SPINLOCK",
    ];

    private int _at;

    /// <summary>The block that begins at a brace.</summary>
    public CStatement ReadBlock(int brace)
    {
        _at = brace + 1;
        var inner = new List<CStatement>();
        for (SkipLabels(); _at < end && !tokens[_at].Is("}"); SkipLabels())
            inner.Add(ReadStatement());

        _at++;
        return Plain(CStatementKind.Block, brace, inner);
    }

    private CStatement ReadStatement()
    {
        SkipLabels();
        var first = _at;
        var word = tokens[_at].Text;
        switch (word)
        {
            case "{":
                return ReadBlock(_at);
            case "if":
                return ReadIf();
            case "for" or "while" or "switch":
                return ReadConditional(
                    word == "for" ? CStatementKind.For
                    : word == "while" ? CStatementKind.While
                    : CStatementKind.Switch);
            case "do":
                return ReadDo();
            case ";":
                _at++;
                return Plain(CStatementKind.Empty, first, []);
        }

        if (tokens[_at].Kind == CTokenKind.Word && Behind(_at + 1) is { } behind && behind < end
            && !tokens[behind].Is(";") && (tokens[behind].Is("{") || tokens[behind].Kind == CTokenKind.Word))
        {
            return ReadConditional(CStatementKind.Iterator);
        }

        var kind = JumpWords.Contains(word) ? CStatementKind.Jump
            : IsDeclaration() ? CStatementKind.Declaration
            : CStatementKind.Expression;
        SkipToSemicolon();
        return Plain(kind, first, []);
    }

    private CStatement ReadIf()
    {
        var first = _at;
        var (condition, conditionEnd) = ReadParentheses();
        var inner = new List<CStatement> { ReadStatement() };
        if (_at < end && tokens[_at].Is("else"))
        {
            _at++;
            inner.Add(ReadStatement());
        }

        return new CStatement(CStatementKind.If, first, _at, condition, conditionEnd, inner);
    }

    private CStatement ReadConditional(CStatementKind kind)
    {
        var first = _at;
        var (condition, conditionEnd) = ReadParentheses();
        var body = ReadStatement();
        return new CStatement(kind, first, _at, condition, conditionEnd, [body]);
    }

    private CStatement ReadDo()
    {
        var first = _at++;
        var body = ReadStatement();
        var (condition, conditionEnd) = ReadParentheses();
        _at++;
        return new CStatement(CStatementKind.While, first, _at, condition, conditionEnd, [body]);
    }

    private CStatement Plain(CStatementKind kind, int first, IReadOnlyList<CStatement> inner) =>
        new(kind, first, _at, first, first, inner);

    /// <summary>Steps over a word and its parentheses.</summary>
    private (int Condition, int End) ReadParentheses()
    {
        var open = _at + 1;
        _at = Behind(open) ?? throw new FormatException($"expected '(' in line {tokens[_at].Line}");
        return (open + 1, _at - 1);
    }

    /// <summary>Index behind the parenthesis that closes the one at an index; null: there is none.</summary>
    private int? Behind(int open)
    {
        if (open >= end || !tokens[open].Is("("))
            return null;

        var depth = 0;
        for (var i = open; i < end; i++)
        {
            depth += tokens[i].Text switch { "(" => 1, ")" => -1, _ => 0 };
            if (depth == 0)
                return i + 1;
        }

        return null;
    }

    private void SkipLabels()
    {
        while (_at + 1 < end)
        {
            if (tokens[_at].Kind == CTokenKind.Directive || tokens[_at].Is("fallthrough"))
                _at++;
            else if (tokens[_at].Text is "case" or "default")
                SkipPast(":");
            else if (tokens[_at].Kind == CTokenKind.Word && tokens[_at + 1].Is(":"))
                _at += 2;
            else
                return;
        }
    }

    private bool IsDeclaration()
    {
        if (TypeWords.Contains(tokens[_at].Text))
            return true;

        // "cpumask_var_t packages;", "struct page *pamt;": a type, stars, a name, and no operator between.
        var next = _at + 1;
        while (next < end && tokens[next].Is("*"))
            next++;

        return tokens[_at].Kind == CTokenKind.Word && next < end && tokens[next].Kind == CTokenKind.Word;
    }

    private void SkipPast(string mark)
    {
        while (_at < end && !tokens[_at].Is(mark))
            _at++;

        _at++;
    }

    private void SkipToSemicolon()
    {
        var depth = 0;
        while (_at < end && (depth > 0 || !tokens[_at].Is(";")))
        {
            depth += tokens[_at].Text switch { "(" or "{" or "[" => 1, ")" or "}" or "]" => -1, _ => 0 };
            _at++;
        }

        _at++;
    }
}
