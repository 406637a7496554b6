// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family B, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class BootProperties
{
    [Property]
    public Property B1_AfterBootFromAnE820MapMemoryIsItsRamWithoutPage0AndWithout640k1mInWholePages(GeneratedCase generated) => generated.Satisfies("B1");

    [Property]
    public Property B2_AfterBootFromAnE820MapNodesAreThoseOfTheSratOrNode0WithoutOne(GeneratedCase generated) => generated.Satisfies("B2");

    [Property]
    public Property B3_NoHotplugFlagIsLeftWhenBootEnds(GeneratedCase generated) => generated.Satisfies("B3");
}
