// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family G, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class GateProperties
{
    [Property]
    public Property G1_WithHibernationAvailableThereIsNoTdx(GeneratedCase generated) => generated.Satisfies("G1");

    [Property]
    public Property G2_WithFewerThanTwoPrivateKeyIDsThereIsNoTdx(GeneratedCase generated) => generated.Satisfies("G2");

    [Property]
    public Property G3_WithoutAMemoryNotifierThereIsNoTdx(GeneratedCase generated) => generated.Satisfies("G3");

    [Property]
    public Property G4_WithAllGatesOpenThereIsTdx(GeneratedCase generated) => generated.Satisfies("G4");

    [Property]
    public Property G5_TheGlobalKeyIDIsTheFirstPrivateOne(GeneratedCase generated) => generated.Satisfies("G5");

    [Property]
    public Property G6_GuestsGetAllOtherPrivateKeyIDsAndNeverTheGlobalOne(GeneratedCase generated) => generated.Satisfies("G6");

    [Property]
    public Property G7_WithoutTdxEnablingItIsEnodevAndMakesNoSeamcall(GeneratedCase generated) => generated.Satisfies("G7");
}
