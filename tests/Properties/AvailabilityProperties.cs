// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Xunit;

namespace TdxVerify.Tests.Properties;

/// <summary>PropertyCatalog of family A, on generated machines.</summary>
[Properties(Arbitrary = [typeof(GeneratedCases)], MaxTest = 200, QuietOnSuccess = true)]
public sealed class AvailabilityProperties
{
    [Property]
    public Property A1_WhenAllMemoryIsConvertibleNothingIsRefusedAndSomeLegalTableExistsInitialisationSucceeds(GeneratedCase generated) => generated.Satisfies("A1");
}
