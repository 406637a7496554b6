// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family U, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class UnwindProperties
{
    [Property]
    public Property U1_NothingThatWasAllocatedIsLeftAfterAFailure(GeneratedCase generated) => generated.Satisfies("U1");

    [Property]
    public Property U2_NothingIsFreedTwice(GeneratedCase generated) => generated.Satisfies("U2");

    [Property]
    public Property U3_NothingFreedIsReadNotEvenByALaterMachineCheck(GeneratedCase generated) => generated.Satisfies("U3");

    [Property]
    public Property U4_AFailedAllocationIsEnomemAndEnomemIsAFailedAllocation(GeneratedCase generated) => generated.Satisfies("U4");

    [Property]
    public Property U5_PAMTsThatTheModuleMayHaveWrittenToAreFlushedOutOfTheCachesBeforeTheyAreGivenBack(GeneratedCase generated) => generated.Satisfies("U5");

    [Property]
    public Property U6_TheyAreConvertedBackBeforeTheyAreGivenBackEveryByteOfThem(GeneratedCase generated) => generated.Satisfies("U6");

    [Property]
    public Property U7_PagesAreOnlyConvertedBackWhileTheyAreOurs(GeneratedCase generated) => generated.Satisfies("U7");

    [Property]
    public Property U8_PagesAreGivenBackAsTheyWereAllocated(GeneratedCase generated) => generated.Satisfies("U8");

    [Property]
    public Property U9_ASecondTdxEnableMakesNoSeamcallAndAllocatesNothing(GeneratedCase generated) => generated.Satisfies("U9");

    [Property]
    public Property U10_ASecondTdxEnableIs0AfterSuccessAndEinvalAfterAFailure(GeneratedCase generated) => generated.Satisfies("U10");

    [Property]
    public Property U11_AFailureIsToldInExactlyOneLineWithTheErrnoThatIsReturned(GeneratedCase generated) => generated.Satisfies("U11");

    [Property]
    public Property U12_SuccessIsToldInExactlyOneLine(GeneratedCase generated) => generated.Satisfies("U12");

    [Property]
    public Property U13_TdxIsInitialisedIfAndOnlyIfTdxEnableReturned0(GeneratedCase generated) => generated.Satisfies("U13");

    [Property]
    public Property U14_LocksAreReleasedInTheOtherOrderAndAllOfThem(GeneratedCase generated) => generated.Satisfies("U14");

    [Property]
    public Property U15_AfterSuccessTheMemlistTheTdmrBufferAndThePAMTsStayAllocatedNothingElse(GeneratedCase generated) => generated.Satisfies("U15");
}
