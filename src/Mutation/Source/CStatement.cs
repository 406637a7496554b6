// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Source;

public enum CStatementKind
{
    Expression,
    Declaration,
    /// <summary>return, goto, break or continue.</summary>
    Jump,
    If,
    For,
    /// <summary>while, and do-while, whose condition comes last.</summary>
    While,
    Switch,
    /// <summary>A macro that loops, like list_for_each_entry().</summary>
    Iterator,
    Block,
    Empty,
}

/// <summary>A statement: tokens [First, End) of its file, and those in the parentheses of its condition.</summary>
/// <param name="Condition">First token of what stands in the parentheses of if, for, while, switch or a macro.</param>
/// <param name="ConditionEnd">Behind the last one; as Condition: none.</param>
/// <param name="Inner">What it consists of: of a block its statements, of if its branches, of a loop its body.</param>
public sealed record CStatement(
    CStatementKind Kind, int First, int End, int Condition, int ConditionEnd, IReadOnlyList<CStatement> Inner)
{
    public bool HasCondition => ConditionEnd > Condition;

    /// <summary>It and all inside, outer ones first.</summary>
    public IEnumerable<CStatement> All() => Inner.SelectMany(static s => s.All()).Prepend(this);
}
