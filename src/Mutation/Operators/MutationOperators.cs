// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Operators;

/// <summary>All rules that make mutants. Two that make the same source make one mutant, of the first.</summary>
public static class MutationOperators
{
    public static IReadOnlyList<MutationOperator> All { get; } =
    [
        new("relational", "< becomes <= or >=, == becomes !=, and so on", TokenOperators.Relational),
        new("logical", "&& becomes || and the other way round", TokenOperators.Logical),
        new("negation", "a condition is negated", ConditionOperators.Negated),
        new("bound", "a loop begins one later, ends one earlier, or steps by two", ConditionOperators.LoopBounds),
        new("rounding", "ALIGN, PFN_UP and the like are swapped or dropped", TokenOperators.Rounding),
        new("extremum", "min() becomes max() and the other way round", TokenOperators.Extremum),
        new("arithmetic", "+ becomes -, << becomes >>, and so on", TokenOperators.Arithmetic),
        new("constant", "a number or a named limit becomes its neighbour", TokenOperators.Constant),
        new("off-by-one", "one more or one less is assigned or returned", StatementOperators.OffByOne),
        new("lock", "a lock is not taken, or not released", StatementOperators.DroppedLock),
        new("drop", "a statement is left out", StatementOperators.Dropped),
        new("error-path", "an error is not looked at, or unwinds from another label", StatementOperators.ErrorPath),
        new("jump", "break becomes continue and the other way round, or goes", StatementOperators.Jumps),
        new("arguments", "two neighbouring arguments are swapped", CallOperators.Swapped),
        new("field", "another field of the same struct", FieldOperators.Other),
    ];
}
