// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family H about memory blocks, on generated sequences.</summary>
[Properties(Arbitrary = [typeof(GeneratedSequences)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class HotplugProperties
{
    [Property]
    public Property H5_WhileTDXIsOnEveryPageThatThePageAllocatorManagesIsInTdxMemlist(GeneratedCase generated) => generated.Satisfies("H5");

    [Property]
    public Property H6_WhileTDXIsOnEveryPageThatThePageAllocatorManagesIsConvertible(GeneratedCase generated) => generated.Satisfies("H6");

    [Property]
    public Property H7_ANotificationIsAboutOneMemoryBlock(GeneratedCase generated) => generated.Satisfies("H7");

    [Property]
    public Property H8_TheMemoryNotifierIsCalledWithMemHotplugLockHeldForWriting(GeneratedCase generated) => generated.Satisfies("H8");

    [Property]
    public Property H9_ARefusedMemoryBlockLeavesBlocksZonesMemblockAndManagedPagesAsTheyWere(GeneratedCase generated) => generated.Satisfies("H9");

    [Property]
    public Property H10_ADIMMThatCanTBeUnpluggedKeepsItsBlocksOnlineInTheirZones(GeneratedCase generated) => generated.Satisfies("H10");

    [Property]
    public Property H11_WhatWasManagedWhenTDXWasInitialisedCanComeBackOnline(GeneratedCase generated) => generated.Satisfies("H11");

    [Property]
    public Property H12_AMemoryBlockThatHoldsAPAMTNeverGoesOffline(GeneratedCase generated) => generated.Satisfies("H12");

    [Property]
    public Property H13_MemoryThatWasThereWhenTDXWasInitialisedOnlineOrNotMayComeOnline(GeneratedCase generated) => generated.Satisfies("H13");

    [Property]
    public Property H14_MemoryThatIsNotTDXMemoryCanBeAddedWhileTDXIsOn(GeneratedCase generated) => generated.Satisfies("H14");

    [Property]
    public Property H15_TdxModuleLockIsNeverTakenWithMemHotplugLockHeld(GeneratedCase generated) => generated.Satisfies("H15");
}
