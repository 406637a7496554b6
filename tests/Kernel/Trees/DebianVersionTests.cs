// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Trees;

/// <summary>Each pair in the order that "dpkg --compare-versions" says.</summary>
public sealed class DebianVersionTests
{
    [Theory]
    [InlineData("6.9.7-1", "6.12.3-1")]
    [InlineData("6.12.117-1~deb12u1", "6.12.117-1")]
    [InlineData("6.12.115-2~deb12u1", "6.12.117-1~deb12u1")]
    [InlineData("6.12.117-1", "6.12.117-2")]
    [InlineData("6.12.117-9", "6.12.117-10")]
    [InlineData("6.12~rc1-1~exp1", "6.12-1")]
    [InlineData("6.12-1", "6.12-1+b1")]
    [InlineData("6.12-1", "6.12a-1")]
    [InlineData("6.12a-1", "6.12+1-1")]
    [InlineData("6.12", "6.12-1")]
    [InlineData("6.12.1-1", "1:6.0-1")]
    [InlineData("6.12-1~~", "6.12-1~")]
    public void TheFirstIsOlder(string older, string newer)
    {
        Assert.True(DebianVersion.Compare(older, newer) < 0);
        Assert.True(DebianVersion.Compare(newer, older) > 0);
    }

    [Theory]
    [InlineData("6.12.117-1", "6.12.117-1")]
    [InlineData("6.012-1", "6.12-1")]
    [InlineData("0:6.12-0", "6.12")]
    public void BothAreTheSame(string one, string other) => Assert.Equal(0, DebianVersion.Compare(one, other));
}
