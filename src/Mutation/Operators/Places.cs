// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>Where in a function a token decides what the kernel does.</summary>
internal static class Places
{
    private static readonly HashSet<string> Keywords =
        ["return", "sizeof", "case", "if", "while", "for", "switch", "else", "do", "goto"];

    /// <summary>Indices of the tokens of a function that do more than print, declare or say how large a type
    /// is.</summary>
    public static IEnumerable<int> Tokens(CFunction function)
    {
        var tokens = function.Tokens;
        foreach (var (first, end) in Pieces(function))
        {
            for (var i = first; i < end; i++)
            {
                if (tokens[i].Kind == CTokenKind.Word && (IsMessage(tokens[i].Text) || tokens[i].Is("sizeof")))
                    i = CloseOf(tokens, i + 1);
                else if (tokens[i].Kind != CTokenKind.Directive)
                    yield return i;
            }
        }
    }

    /// <summary>pr_err() and its like, WARN and lockdep: what they are given changes what is said, not what is
    /// done.</summary>
    public static bool IsMessage(string word) =>
        word.StartsWith("pr_", StringComparison.Ordinal) || word.StartsWith("WARN", StringComparison.Ordinal)
        || word.StartsWith("VM_WARN", StringComparison.Ordinal)
        || word.StartsWith("lockdep_", StringComparison.Ordinal) || word == "memblock_dbg";

    /// <summary>True for an operator between two operands.</summary>
    public static bool IsBinary(IReadOnlyList<CToken> tokens, int at)
    {
        var before = tokens[at - 1];
        var behind = tokens[at + 1];
        return (before.Kind is CTokenKind.Number || before.Is(")") || before.Is("]")
                || (before.Kind == CTokenKind.Word && !Keywords.Contains(before.Text)))
            && !behind.Is(")") && !behind.Is(",") && !behind.Is("*")
            && !(before.Is(")") && IsCast(tokens, at - 1));
    }

    /// <summary>Index of the parenthesis that closes the one at an index; the index itself where none opens.</summary>
    public static int CloseOf(IReadOnlyList<CToken> tokens, int open)
    {
        if (!tokens[open].Is("("))
            return open;

        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            depth += tokens[i].Text switch { "(" => 1, ")" => -1, _ => 0 };
            if (depth == 0)
                return i;
        }

        return open;
    }

    /// <summary>Token ranges of what stands between the parentheses at an index, cut at its commas.</summary>
    public static IReadOnlyList<(int First, int End)> Arguments(IReadOnlyList<CToken> tokens, int open)
    {
        var close = CloseOf(tokens, open);
        var arguments = new List<(int, int)>();
        var (first, depth) = (open + 1, 0);
        for (var i = open + 1; i <= close; i++)
        {
            if (depth == 0 && (i == close || tokens[i].Is(",")))
            {
                if (i > first)
                    arguments.Add((first, i));

                first = i + 1;
            }

            depth += tokens[i].Text switch { "(" or "{" or "[" => 1, ")" or "}" or "]" => -1, _ => 0 };
        }

        return arguments;
    }

    /// <summary>A local that is only printed.</summary>
    private static bool IsForMessages(CFunction function, CStatement declaration)
    {
        var tokens = function.Tokens;
        var equals = declaration.First;
        while (equals < declaration.End && !tokens[equals].Is("="))
            equals++;

        if (equals == declaration.End)
            return false;

        var name = tokens[equals - 1].Text;
        for (var i = declaration.End; i < function.Body.End; i++)
        {
            if (tokens[i].Kind == CTokenKind.Word && IsMessage(tokens[i].Text))
                i = CloseOf(tokens, i + 1);
            else if (tokens[i].Is(name))
                return false;
        }

        return true;
    }

    /// <summary>"(struct page *)" and "(u64)": a type in parentheses.</summary>
    private static bool IsCast(IReadOnlyList<CToken> tokens, int close) =>
        tokens[close - 1].Is("*") || (tokens[close - 1].Text is "u64" or "int" or "long" or "void"
            && tokens[close - 2].Text is "(" or "unsigned" or "signed");

    /// <summary>Token ranges of conditions, and of statements that have no statement inside; of a declaration what
    /// its name is set to.</summary>
    private static IEnumerable<(int First, int End)> Pieces(CFunction function)
    {
        foreach (var statement in function.Statements)
        {
            if (statement.Kind == CStatementKind.Declaration)
            {
                if (IsForMessages(function, statement))
                    continue;

                var equals = statement.First;
                while (equals < statement.End && !function.Tokens[equals].Is("="))
                    equals++;

                yield return (equals, statement.End);
            }
            else if (statement.HasCondition && statement.Kind != CStatementKind.Iterator)
                yield return (statement.Condition, statement.ConditionEnd);
            else if (statement.Kind is CStatementKind.Expression or CStatementKind.Jump)
                yield return (statement.First, statement.End);
        }
    }
}
