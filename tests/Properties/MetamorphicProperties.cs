// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family X, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class MetamorphicProperties
{
    [Property]
    public Property X1_TheOrderInWhichDisjointMemoryIsToldDoesNotMatter(GeneratedCase generated) => generated.Satisfies("X1");

    [Property]
    public Property X2_MemoryToldInTwoTouchingPartsIsTheSameMemory(GeneratedCase generated) => generated.Satisfies("X2");

    [Property]
    public Property X3_MemoryToldTwiceIsTheSameMemory(GeneratedCase generated) => generated.Satisfies("X3");

    [Property]
    public Property X4_MemoryAbove4GiBThatIsMovedByWholeGiBsMovesItsListAndItsTDMRsNothingElse(GeneratedCase generated) => generated.Satisfies("X4");

    [Property]
    public Property X5_MemoryAddedFarAboveChangesNothingBelow(GeneratedCase generated) => generated.Satisfies("X5");
}
