// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family N, on generated sequences.</summary>
[Properties(Arbitrary = [typeof(GeneratedSequences)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class NumaProperties
{
    [Property]
    public Property N1_ATDXGuestSPageComesFromANodeAllOfWhoseManagedMemoryIsTDXMemory(GeneratedCase generated) => generated.Satisfies("N1");

    [Property]
    public Property N2_ATDXGuestSMemoryPolicyIsNeverSilentlyIgnoredOrNarrowed(GeneratedCase generated) => generated.Satisfies("N2");

    [Property]
    public Property N3_ANodeCountsAsTDXCapableIfAndOnlyIfAllOfItsManagedMemoryIsInTdxMemlist(GeneratedCase generated) => generated.Satisfies("N3");

    [Property]
    public Property N4_APolicyThatWasAcceptedOfNodesWithMemoryCanBeMet(GeneratedCase generated) => generated.Satisfies("N4");

    [Property]
    public Property N5_AnApplicationThatKnowsNothingOfTDXGetsItsGuestWhereOneNodeOfItsPolicyCanServeIt(GeneratedCase generated) => generated.Satisfies("N5");
}
