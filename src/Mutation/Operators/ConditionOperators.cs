// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;

namespace TdxVerify.Mutation.Operators;

/// <summary>Rules that change what a statement depends on.</summary>
internal static class ConditionOperators
{
    public static IEnumerable<SourceEdit> Negated(CFunction function)
    {
        foreach (var statement in function.Statements)
        {
            if (statement.HasCondition && statement.Kind is CStatementKind.If or CStatementKind.While)
            {
                var (first, end) = (statement.Condition, statement.ConditionEnd);
                yield return function.File.Replace(first, end, $"!({function.File.TextOf(first, end)})");
            }
        }
    }

    public static IEnumerable<SourceEdit> LoopBounds(CFunction function)
    {
        foreach (var loop in function.Statements.Where(static s => s.Kind == CStatementKind.For && s.HasCondition))
        {
            var semicolons = Enumerable.Range(loop.Condition, loop.ConditionEnd - loop.Condition)
                .Where(i => function.Tokens[i].Is(";")).ToList();
            if (semicolons.Count != 2)
                continue;

            if (semicolons[0] > loop.Condition)
                yield return function.File.InsertBehind(semicolons[0] - 1, " + 1");

            if (semicolons[1] > semicolons[0] + 1)
                yield return function.File.InsertBehind(semicolons[1] - 1, " - 1");

            if (semicolons[1] + 1 < loop.ConditionEnd)
            {
                var step = function.File.TextOf(semicolons[1] + 1, loop.ConditionEnd);
                yield return function.File.Replace(semicolons[1] + 1, loop.ConditionEnd, $"{step}, {step}");
            }
        }
    }
}
