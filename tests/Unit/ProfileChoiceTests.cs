// SPDX-License-Identifier: MIT

using TdxVerify.Diagnosis;

namespace TdxVerify.Tests.Unit;

public sealed class ProfileChoiceTests
{
    [Theory]
    [InlineData("Linux version 6.12.0 (x)", "merged")]
    [InlineData("Linux version 6.8.0-1004-intel (x)", "merged")]
    [InlineData("Linux version 6.8.0-1028-intel (x)", "cmr-holes")]
    [InlineData("Linux version 6.14.0-1009-intel (x)", "merged")]
    [InlineData("Linux version 6.8.0-intel (x)", "merged")]
    [InlineData("Linux version 6.8.0-1028-intel (x)\nvirt/tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.", "merged")]
    [InlineData("virt/tdx: TDX-Module initialized", "subsys-initcall")]
    [InlineData("virt/tdx: Enable Dynamic PAMT", "dynamic-pamt")]
    [InlineData("tdxverify: profile cmr-holes-v8.2", "cmr-holes-v8.2")]
    public void TheLogDecides(string lines, string profile) =>
        Assert.Equal(profile, ProfileChoice.Of(LogText.Read(lines + "\n" + LogText.Map).Scenario).Profile.Name);
}
