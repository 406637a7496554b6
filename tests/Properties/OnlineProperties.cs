// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family H, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class OnlineProperties
{
    [Property]
    public Property H1_WhileTdxIsOnNoPageOutsideTdxMemlistGoesOnline(GeneratedCase generated) => generated.Satisfies("H1");

    [Property]
    public Property H2_BeforeInitialisationAndAfterAFailedOneAnyMemoryMayGoOnline(GeneratedCase generated) => generated.Satisfies("H2");

    [Property]
    public Property H3_ARangeInsideOneEntryOfTdxMemlistMayGoOnline(GeneratedCase generated) => generated.Satisfies("H3");

    [Property]
    public Property H4_ARangeAcrossEntriesOfTdxMemlistDoesNotGoOnline(GeneratedCase generated) => generated.Satisfies("H4");
}
