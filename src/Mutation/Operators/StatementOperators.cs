// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>Rules that leave a statement out, or send it elsewhere.</summary>
internal static class StatementOperators
{
    private static readonly HashSet<string> Errors = ["ret", "err", "error", "sret", "sysinit_ret", "rc"];

    public static IEnumerable<SourceEdit> Dropped(CFunction function) =>
        function.Statements
            .Where(s => s.Kind == CStatementKind.Expression && !IsLock(function, s) && !IsSilent(function, s))
            .Select(s => function.File.Replace(s.First, s.End, ";"));

    public static IEnumerable<SourceEdit> DroppedLock(CFunction function) =>
        function.Statements.Where(s => s.Kind == CStatementKind.Expression && IsLock(function, s))
            .Select(s => function.File.Replace(s.First, s.End, ";"));

    /// <summary>An if that does nothing but leave goes; a goto goes to the label behind its own.</summary>
    public static IEnumerable<SourceEdit> ErrorPath(CFunction function)
    {
        var labels = Labels(function);
        foreach (var statement in function.Statements)
        {
            if (statement is { Kind: CStatementKind.If, Inner: [var only] } && Leaves(function, only))
                yield return function.File.Replace(statement.First, statement.End, ";");

            if (statement.Kind == CStatementKind.Jump && function.Tokens[statement.First].Is("goto"))
            {
                var own = labels.IndexOf(function.Tokens[statement.First + 1].Text);
                if (own >= 0 && labels.Count > 1)
                {
                    yield return function.File.Replace(
                        statement.First + 1, statement.First + 2, labels[(own + 1) % labels.Count]);
                }
            }
        }
    }

    public static IEnumerable<SourceEdit> Jumps(CFunction function)
    {
        foreach (var statement in function.Statements.Where(static s => s.Kind == CStatementKind.Jump))
        {
            var other = function.Tokens[statement.First].Text switch
            {
                "break" => "continue;",
                "continue" => "break;",
                _ => null,
            };
            if (other is null)
                continue;

            yield return function.File.Replace(statement.First, statement.End, other);
            yield return function.File.Replace(statement.First, statement.End, ";");
        }
    }

    /// <summary>What is assigned or returned is one more or one less: numbers, as far as their names tell.</summary>
    public static IEnumerable<SourceEdit> OffByOne(CFunction function)
    {
        foreach (var statement in function.Statements)
        {
            if (IsNumberSet(function, statement))
            {
                yield return function.File.InsertBehind(statement.End - 2, " + 1");
                yield return function.File.InsertBehind(statement.End - 2, " - 1");
            }
        }
    }

    private static bool IsNumberSet(CFunction function, CStatement statement)
    {
        var tokens = function.Tokens;
        var value = statement.First;
        if (statement.Kind == CStatementKind.Jump && tokens[value].Is("return"))
        {
            // A sum or a rounded number; what is returned besides is an errno, a pointer or a truth.
            return Enumerable.Range(value, statement.End - value).Any(i =>
                tokens[i].Text is "ALIGN" or "PFN_UP" or "PFN_DOWN"
                || (tokens[i].Text is "+" or "/" && Places.IsBinary(tokens, i)));
        }

        if (statement.Kind != CStatementKind.Expression)
            return false;

        while (value < statement.End && tokens[value].Text is not ("=" or "+=" or "-="))
            value++;

        return value + 2 < statement.End && !Errors.Contains(tokens[value - 1].Text)
            && tokens[value + 1].Text is not ("NULL" or "&" or "true" or "false" or "(")
            && !Enumerable.Range(value, statement.End - value).Any(i => IsNoNumber(tokens[i].Text));
    }

    private static bool IsNoNumber(string word) =>
        word.Contains("alloc", StringComparison.Ordinal) || word.EndsWith("_entry", StringComparison.Ordinal);

    /// <summary>What a kernel that is not debugged leaves out itself.</summary>
    private static bool IsSilent(CFunction function, CStatement statement) =>
        function.Tokens[statement.First].Text is "memblock_dbg" or "pr_debug"
        || function.Tokens[statement.First].Text.StartsWith("lockdep_", StringComparison.Ordinal);

    private static bool IsLock(CFunction function, CStatement statement)
    {
        var word = function.Tokens[statement.First].Text;
        return word.EndsWith("lock", StringComparison.Ordinal)
            || word.EndsWith("_online_mems", StringComparison.Ordinal)
            || word.Contains("lock_irq", StringComparison.Ordinal);
    }

    /// <summary>True for a jump out, alone or behind statements in a block.</summary>
    private static bool Leaves(CFunction function, CStatement statement) =>
        statement.Kind == CStatementKind.Jump
            ? function.Tokens[statement.First].Text is "goto" or "return"
            : statement.Kind == CStatementKind.Block && statement.Inner.Count > 0
                && Leaves(function, statement.Inner[^1]);

    private static List<string> Labels(CFunction function)
    {
        var labels = new List<string>();
        for (var i = function.Body.First + 1; i + 1 < function.Body.End; i++)
        {
            if (function.Tokens[i].Kind == CTokenKind.Word && function.Tokens[i + 1].Is(":")
                && function.Tokens[i - 1].Text is ";" or "}" && !function.Tokens[i].Is("default"))
            {
                labels.Add(function.Tokens[i].Text);
            }
        }

        return labels;
    }
}
