// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Tests.Properties;

/// <summary>What a property that fails prints.</summary>
public sealed class CanaryTests
{
    [Fact]
    public void AFailureIsReportedAsCheckReportsIt()
    {
        var property = Prop.ForAll(GeneratedCases.GeneratedCase(), static c => c.Satisfies("CANARY"));
        var failure = Assert.ThrowsAny<Exception>(() => Check.One(Config.QuickThrowOnFailure, property));
        Assert.Contains("CANARY violated: TDX is never initialised", failure.Message, StringComparison.Ordinal);
        Assert.Contains("tdxverify: memblock add 0x100000+0x403000 node=0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the last events:", failure.Message, StringComparison.Ordinal);
    }
}
