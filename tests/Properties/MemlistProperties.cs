// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family L, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class MemlistProperties
{
    [Property]
    public Property L1_TdxMemlistAscends(GeneratedCase generated) => generated.Satisfies("L1");

    [Property]
    public Property L2_EntriesOfTdxMemlistAreDisjoint(GeneratedCase generated) => generated.Satisfies("L2");

    [Property]
    public Property L3_NothingBelow1MiBIsInTdxMemlist(GeneratedCase generated) => generated.Satisfies("L3");

    [Property]
    public Property L4_NoEntryOfTdxMemlistIsEmpty(GeneratedCase generated) => generated.Satisfies("L4");

    [Property]
    public Property L5_EveryPageOfTdxMemlistIsAWholePageOfMemblockMemory(GeneratedCase generated) => generated.Satisfies("L5");

    [Property]
    public Property L6_EveryWholePageOfMemblockMemoryFrom1MiBOnIsInTdxMemlist(GeneratedCase generated) => generated.Satisfies("L6");

    [Property]
    public Property L7_AnEntryCarriesTheNodeOfItsMemory(GeneratedCase generated) => generated.Satisfies("L7");

    [Property]
    public Property L8_TdxMemlistIsEmptyUnlessTdxIsInitialised(GeneratedCase generated) => generated.Satisfies("L8");

    [Property]
    public Property L9_TdxMemlistDoesNotChangeAfterInitialisation(GeneratedCase generated) => generated.Satisfies("L9");

    [Property]
    public Property L10_AnEntryLiesInOneRegionOfMemblockMemory(GeneratedCase generated) => generated.Satisfies("L10");
}
