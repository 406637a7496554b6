// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family T, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class TdmrProperties
{
    [Property]
    public Property T1_ATdmrBeginsAndEndsAt1GiBAndIsNotEmpty(GeneratedCase generated) => generated.Satisfies("T1");

    [Property]
    public Property T2_TDMRsAscendAndAreDisjoint(GeneratedCase generated) => generated.Satisfies("T2");

    [Property]
    public Property T3_TDMRsCoverAllMemoryFrom1MiBOn(GeneratedCase generated) => generated.Satisfies("T3");

    [Property]
    public Property T4_ATdmrHoldsAPageOfMemoryThatNoEarlierTdmrCovers(GeneratedCase generated) => generated.Satisfies("T4");

    [Property]
    public Property T5_ThereIsOneTdmrForEveryRangeThatReachesIntoAGiBWhichNoneBeforeItTouches(GeneratedCase generated) => generated.Satisfies("T5");

    [Property]
    public Property T6_NoMoreTDMRsAndReservedAreasAreUsedThanTheModuleTakes(GeneratedCase generated) => generated.Satisfies("T6");

    [Property]
    public Property T7_EnospcIsReturnedIfAndOnlyIfMemoryAsksForMoreTDMRsOrReservedAreasThanTheModuleTakes(GeneratedCase generated) => generated.Satisfies("T7");

    [Property]
    public Property T8_TDMRsDoNotChangeBetweenTdhSysConfigAndTheEndOfInitialisation(GeneratedCase generated) => generated.Satisfies("T8");

    [Property]
    public Property T9_TdhSysConfigIsGivenEveryTdmrInUse(GeneratedCase generated) => generated.Satisfies("T9");

    [Property]
    public Property T10_ReservedAreasOfATdmrAscendAndAreDisjoint(GeneratedCase generated) => generated.Satisfies("T10");

    [Property]
    public Property T11_ReservedAreasAreWholePages(GeneratedCase generated) => generated.Satisfies("T11");

    [Property]
    public Property T12_ReservedAreasLieInsideTheirTdmr(GeneratedCase generated) => generated.Satisfies("T12");

    [Property]
    public Property T13_NoReservedAreaIsEmpty(GeneratedCase generated) => generated.Satisfies("T13");

    [Property]
    public Property T14_NoPageOfMemoryIsReservedExceptForPAMTs(GeneratedCase generated) => generated.Satisfies("T14");

    [Property]
    public Property T15_EveryPageOfATdmrThatIsNotMemoryIsReserved(GeneratedCase generated) => generated.Satisfies("T15");

    [Property]
    public Property T16_EveryPageOfAPamtThatLiesInATdmrIsReserved(GeneratedCase generated) => generated.Satisfies("T16");

    [Property]
    public Property T20_EveryPamtTableHasExactlyTheBytesThatItsTdmrTakesInWholePages(GeneratedCase generated) => generated.Satisfies("T20");

    [Property]
    public Property T21_PamtTablesBeginAtAPage(GeneratedCase generated) => generated.Satisfies("T21");

    [Property]
    public Property T22_PamtTablesAreDisjoint(GeneratedCase generated) => generated.Satisfies("T22");

    [Property]
    public Property T23_EveryPamtTableLiesInMemoryThatWasAllocatedForIt(GeneratedCase generated) => generated.Satisfies("T23");

    [Property]
    public Property T24_APamtIsAskedFromTheNodeOfAMemoryRangeThatOverlapsItsTdmr(GeneratedCase generated) => generated.Satisfies("T24");

    [Property]
    public Property T25_OnePamtChunkIsAllocatedForEveryTdmr(GeneratedCase generated) => generated.Satisfies("T25");
}
