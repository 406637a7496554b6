// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest;

namespace TdxVerify.Tests.Unit.Subjects.Guest;

public sealed class SplatTests
{
    [Fact]
    public void WarningsAndOopsesAreFound()
    {
        const string Console = """
            Command line: console=ttyS0 panic=-1 BUG: not one
            virt/tdx: module initialized
            [    1.5] WARNING: CPU: 0 PID: 1 at mm/page_alloc.c:1
            [    1.6] BUG: kernel NULL pointer dereference, address: 0000000000000001
            """;

        Assert.Equal(2, Splat.Lines(Console).Count());
        Assert.Contains("WARNING", Splat.In(Console), StringComparison.Ordinal);
        Assert.Null(Splat.In("virt/tdx: module initialized"));
    }
}
