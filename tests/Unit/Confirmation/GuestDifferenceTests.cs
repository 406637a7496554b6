// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Confirmation;
using TdxVerify.Core.Cases;

namespace TdxVerify.Tests.Unit.Confirmation;

public sealed class GuestDifferenceTests
{
    private const string Boot = """
        "early_ranges":["a"],"block_size":"0x8000000",
        "initial":{"blocks":{},"zones":{"0/DMA32":{"start_pfn":"0x1","spanned":"0x10","managed":"MANAGED"}},
        "memblock":[],"iomem_ram":[]}
        """;

    [Fact]
    public void WhatOnlyAllocationDecidesIsNoDifference() => Assert.Null(GuestDifference.First(
        Verdict("0x1", Step("offline", "OK")), Verdict("0x2", Step("offline", "EBUSY"))));

    [Fact]
    public void AnotherErrnoIsOne()
    {
        var difference = GuestDifference.First(
            Verdict("0x1", Step("offline", "OK")), Verdict("0x1", Step("offline", "EINVAL")));

        Assert.Equal(new GuestDifference(0, "step 1", "offline memory5: OK", "offline memory5: EINVAL"), difference);
    }

    [Fact]
    public void AStepThatIsMissingIsOne() => Assert.Equal(
        "absent", GuestDifference.First(Verdict("0x1", Step("offline", "OK")), Verdict("0x1", ""))!.Other);

    private static string Step(string op, string result) => $$"""{"op":"{{op}}","block":5,"result":"{{result}}"}""";

    private static GuestVerdict Verdict(string managed, string steps)
    {
        var boot = Boot.Replace("MANAGED", managed, StringComparison.Ordinal);
        using var record = JsonDocument.Parse($$"""{{{boot}},"steps":[{{steps}}]}""");
        return new GuestVerdict(0, new Scenario(), [], [], [], record.RootElement.Clone(), "");
    }
}
