// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family M, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class MemblockProperties
{
    [Property]
    public Property M1_MemblockMemoryAscends(GeneratedCase generated) => generated.Satisfies("M1");

    [Property]
    public Property M2_RegionsOfMemblockMemoryAreDisjoint(GeneratedCase generated) => generated.Satisfies("M2");

    [Property]
    public Property M3_NoRegionOfMemblockMemoryIsEmpty(GeneratedCase generated) => generated.Satisfies("M3");

    [Property]
    public Property M4_TouchingRegionsDifferInNidOrFlags(GeneratedCase generated) => generated.Satisfies("M4");

    [Property]
    public Property M5_TheBytesOfMemblockMemoryAreWhatTheCallsAndTheMapAddUpTo(GeneratedCase generated) => generated.Satisfies("M5");

    [Property]
    public Property M8_MemblockMemoryTotalSizeIsTheSizeOfItsRegionsAndWhatATrimCutOffThem(GeneratedCase generated) => generated.Satisfies("M8");

    [Property]
    public Property M9_AfterBootMemblockReservedOnlyLosesArraysOfRegions(GeneratedCase generated) => generated.Satisfies("M9");

    [Property]
    public Property M6_EveryByteHasTheNodeAndTheFlagsThatTheFirstAddAndTheLaterChangesGaveIt(GeneratedCase generated) => generated.Satisfies("M6");
}
