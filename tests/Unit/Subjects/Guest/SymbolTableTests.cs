// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Tests.Unit.Subjects.Guest;

public sealed class SymbolTableTests
{
    [Fact]
    public void ASymbolEndsWhereTheNextOneBegins()
    {
        var symbols = SymbolTable.Read(
            ["ffffffff81000000 T start_kernel", "ffffffff81000040 t tdx_init\t[built-in]", "ffffffff81000100 D memblock"]);

        Assert.Equal(0xffffffff81000040, symbols.Find("tdx_init"));
        Assert.Null(symbols.Find("tdx_enable"));
        Assert.Equal(0x40, symbols.SizeOf(0xffffffff81000000, 4096));
        Assert.Equal(16, symbols.SizeOf(0xffffffff81000040, 16));
        Assert.Equal(4096, symbols.SizeOf(0xffffffff81000100, 4096));
        Assert.False(symbols.IsEmpty);
    }

    /// <summary>What Debian ships, and what /proc/kallsyms tells to who may not know.</summary>
    [Theory]
    [InlineData("ffffffffffffffff B The real System.map is in the linux-image-6.12-dbg package")]
    [InlineData("0000000000000000 T start_kernel")]
    public void ATableWithoutAddressesIsEmpty(string line) => Assert.True(SymbolTable.Read([line]).IsEmpty);
}
