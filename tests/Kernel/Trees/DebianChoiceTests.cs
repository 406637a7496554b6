// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>What may stand behind "debian".</summary>
public sealed class DebianChoiceTests
{
    [Theory]
    [InlineData("debian", null, null, false)]
    [InlineData("debian:trixie-backports", "trixie-backports", null, false)]
    [InlineData("debian:sid", "sid", null, false)]
    [InlineData("debian:7.3", null, "7.3", false)]
    [InlineData("debian:6.8", null, "6.8", false)]
    [InlineData("debian:7.3.4", null, "7.3.4", true)]
    public void ANameIsASuiteOrARelease(string name, string? suite, string? release, bool isExact)
    {
        var choice = DebianChoice.Read(name)!;
        Assert.Equal((name, suite, release, isExact), (choice.Name, choice.Suite, choice.Release, choice.IsExact));
    }

    [Theory]
    [InlineData("")]
    [InlineData("debian-trixie")]
    [InlineData("linux:trixie")]
    public void OtherNamesAreNone(string name) => Assert.Null(DebianChoice.Read(name));

    [Theory]
    [InlineData("debian:")]
    [InlineData("debian:7")]
    [InlineData("debian:7.3.4.5")]
    [InlineData("debian:Sid")]
    [InlineData("debian:sid/main")]
    [InlineData("debian:..")]
    [InlineData("debian:-o")]
    [InlineData("debian:sid\nTrusted: yes")]
    public void WhatIsNeitherIsRefused(string name) => Assert.StartsWith(
        name.Replace('\n', '?') + ": expected a suite (as trixie-backports) or a release (as 7.3) behind 'debian:', got '",
        Assert.Throws<KernelTreeException>(() => DebianChoice.Read(name)).Message,
        StringComparison.Ordinal);
}
