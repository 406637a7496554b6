// SPDX-License-Identifier: MIT

using TdxVerify.Diagnosis;

namespace TdxVerify.Tests.Unit.Diagnosis;

public sealed class ProfileChoiceTests
{
    [Theory]
    [InlineData("Linux version 6.12.0 (x)", "merged")]
    [InlineData("Linux version 6.8.0-1004-intel (x)", "merged-6.8")]
    [InlineData("Linux version 6.8.0-1028-intel (x)", "cmr-holes")]
    [InlineData("Linux version 6.14.0-1009-intel (x)", "sys-info")]
    [InlineData("Linux version 6.8.0-intel (x)", "merged-6.8")]
    [InlineData("Linux version 6.8.0-1028-intel (x)\nvirt/tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.", "merged-6.8")]
    [InlineData("Linux version 6.6.30 (x)", "merged")]
    [InlineData("Linux version 7.0.2 (x)", "sys-info")]
    [InlineData("Linux version 7.1.3 (x)", "subsys-initcall")]
    [InlineData("Linux version 7.3.4+deb13-amd64 (x)", "subsys-initcall-7.3")]
    [InlineData("Linux version 7.3-rc1 (x)", "subsys-initcall-7.3")]
    [InlineData("Linux version 6.18.0-tdx (x)\nvirt/tdx: TDX-Module initialized", "subsys-initcall")]
    [InlineData("virt/tdx: TDX-Module initialized", "subsys-initcall")]
    [InlineData("virt/tdx: Enable Dynamic PAMT", "dynamic-pamt")]
    [InlineData("tdxverify: profile cmr-holes-v8.2", "cmr-holes-v8.2")]
    public void TheLogDecides(string lines, string profile) =>
        Assert.Equal(profile, ProfileChoice.Of(LogText.Read(lines + "\n" + LogText.Map).Scenario).Profile.Name);
}
