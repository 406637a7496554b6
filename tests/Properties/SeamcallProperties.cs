// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family S, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class SeamcallProperties
{
    [Property]
    public Property S1_TdhSysConfigComesAfterTdhSysLpInitOnEveryOnlineCpuTdhSysKeyConfigAfterTdhSysConfigTdhSysTd(GeneratedCase generated) => generated.Satisfies("S1");

    [Property]
    public Property S2_TdhSysInitRunsAtMostOnceABootAndItsResultIsKept(GeneratedCase generated) => generated.Satisfies("S2");

    [Property]
    public Property S3_TdhSysLpInitDoesNotRunOnACpuThatIsInitialised(GeneratedCase generated) => generated.Satisfies("S3");

    [Property]
    public Property S4_TdhSysKeyConfigRunsAtMostOnceAPackage(GeneratedCase generated) => generated.Satisfies("S4");

    [Property]
    public Property S5_RegistersThatALeafDoesntTakeAreZero(GeneratedCase generated) => generated.Satisfies("S5");

    [Property]
    public Property S6_TdhSysConfigGetsTheGlobalKeyID(GeneratedCase generated) => generated.Satisfies("S6");

    [Property]
    public Property S7_CachesAreFlushedBetweenTheLastPamtAllocationAndTheFirstTdhSysKeyConfig(GeneratedCase generated) => generated.Satisfies("S7");

    [Property]
    public Property S8_WhenInitialisationSucceedsEveryTdmrWasInitialisedToItsEnd(GeneratedCase generated) => generated.Satisfies("S8");

    [Property]
    public Property S9_TdhSysTdmrInitEndsEvenIfTheModuleDoesNotAdvance(GeneratedCase generated) => generated.Satisfies("S9");

    [Property]
    public Property S10_TdhSysTdmrInitIsGivenTheBaseOfATdmr(GeneratedCase generated) => generated.Satisfies("S10");

    [Property]
    public Property S11_WhenInitialisationSucceedsEveryPackageHasItsKey(GeneratedCase generated) => generated.Satisfies("S11");

    [Property]
    public Property S20_ASeamcallThatFailsDecidesTheErrnoNoModuleEnodevGpEopnotsuppUdEaccesAnyOtherStatusEio(GeneratedCase generated) => generated.Satisfies("S20");

    [Property]
    public Property S21_TheseErrnosAreOnlyReturnedAfterASeamcallThatFailed(GeneratedCase generated) => generated.Satisfies("S21");

    [Property]
    public Property S22_NoSeamcallFollowsOneThatFailed(GeneratedCase generated) => generated.Satisfies("S22");

    [Property]
    public Property S23_TdxRndNoEntropyIsRepeatedUpToTenTimes(GeneratedCase generated) => generated.Satisfies("S23");

    [Property]
    public Property S24_AStatusThatTheModuleMeansToBeRepeatedDoesNotEndInALastingError(GeneratedCase generated) => generated.Satisfies("S24");

    [Property]
    public Property S25_TdhSysConfigAcceptsATableExactlyWhenItIsLegalByTheSetsOfItsPages(GeneratedCase generated) => generated.Satisfies("S25");

    [Property]
    public Property S26_0IsOnlyReturnedWhenNoSeamcallFailed(GeneratedCase generated) => generated.Satisfies("S26");
}
