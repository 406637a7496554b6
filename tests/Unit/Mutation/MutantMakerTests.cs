// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation;
using TdxVerify.Mutation.Operators;
using TdxVerify.Mutation.Source;

namespace TdxVerify.Tests.Unit.Mutation;

/// <summary>All mutants of one function, held whole.</summary>
public sealed class MutantMakerTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "testdata", "mutants");
    private static readonly CFile File = new("function.c", System.IO.File.ReadAllText(Path.Combine(Folder, "function.c")));
    private static readonly IReadOnlyList<Mutant> Mutants = MutantMaker.Make(File.Functions);

    [Fact]
    public void TheMutantsOfAFunctionAreThose() => Blessed.AssertIs(
        Path.Combine(Folder, "function.txt"),
        string.Concat(Mutants.Select(static m => string.Create(CultureInfo.InvariantCulture, $"{m.Name}  {m.Line}: {m.After}\n"))));

    [Fact]
    public void EveryRuleMakesOne() =>
        Assert.Equal(MutationOperators.All.Select(static r => r.Name), Mutants.Select(static m => m.Operator).Distinct());

    [Fact]
    public void NoTwoLeaveTheSameSource() => Assert.Distinct(Mutants.Select(static m => m.Edit.ApplyTo(File.Text)));

    [Fact]
    public void NoneLeavesTheSourceAsItIs() => Assert.DoesNotContain(File.Text, Mutants.Select(static m => m.Edit.ApplyTo(File.Text)));
}
