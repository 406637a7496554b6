// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Model.TdxModule;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>Which bits of an address are a KeyID, and what is left of it.</summary>
public sealed class PhysicalAddressRulesTests
{
    private const ulong EndOfAddresses = 1UL << 52;

    [Theory]
    [InlineData(31, 32, 46)]
    [InlineData(31, 31, 46)]
    [InlineData(31, 33, 45)]
    [InlineData(63, 64, 45)]
    [InlineData(0, 1, 51)]
    [InlineData(0x7fff, 0x8000, 37)]
    public void KeyIdsTakeAsManyBitsAsTheyNeed(uint mktme, uint tdx, int start) =>
        Assert.Equal(start, PhysicalAddressRules.Of(new KeyIdPartition(mktme, tdx)).HkidStartBit);

    [Theory]
    [InlineData((1UL << 46) - 1, true)]
    [InlineData(1UL << 46, false)]
    [InlineData(EndOfAddresses - 1, false)]
    [InlineData(EndOfAddresses, false)]
    [InlineData(EndOfAddresses + 0x1000, false)]
    public void APlainAddressHasNoKeyId(ulong address, bool isPlain) => Assert.Equal(isPlain, PhysicalAddressRules.Usual.IsPlain(address));

    [Theory]
    [InlineData(0x1000, true)]
    [InlineData(0x1800, false)]
    [InlineData((31UL << 46) + 0x1000, true)]
    [InlineData((32UL << 46) + 0x1000, false)]
    [InlineData(EndOfAddresses, false)]
    [InlineData(0x77fff000, true)]
    [InlineData(0x78000000, false)]
    [InlineData(0x79fff000, false)]
    [InlineData(0x7a000000, true)]
    public void ASharedAddressHasASharedKeyIdOutsideSeamrr(ulong address, bool isShared) =>
        Assert.Equal(isShared, PhysicalAddressRules.Usual.IsShared(address, 0x1000));
}
