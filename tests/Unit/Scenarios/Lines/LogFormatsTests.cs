// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Scenarios;

namespace TdxVerify.Tests.Unit.Scenarios.Lines;

/// <summary>No line that a reader knows is lost in front of it.</summary>
public sealed class LogFormatsTests
{
    private const string Map = "BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable\n";
    private const string LastPfn = "last_pfn = 0x40000 max_arch_pfn = 0x400000000\n";
    private const string Change = "e820: update [mem 0x00200000-0x00200fff] usable ==> reserved\n";
    private const string Added = "memblock_add: [0x0000000000100000-0x000000003fffffff] x\n";

    /// <summary>A line, and what stands in front of it and behind it so that it matters.</summary>
    public static TheoryData<string, string, string> Samples => new()
    {
        { "", "tdxverify: step enable", Map },
        { Map, "found SMP MP-table at [mem 0x000fd000-0x000fd00f]", Change },
        { Map, "Using GB pages for direct mapping", Change },
        { Map, "RAMDISK: [mem 0x35a7b000-0x36d3bfff]", Change },
        { Map, "ACPI: RSDP 0x00000000000F0490 000024 (v02 DELL  )", Change },
        { Map, "Zone ranges:", Change },
        { Map, "seamldr: SEAMCALL (0x8000000000000001) failed: 0x8000000000030001", "" },
        { Map, "Run /init as init process", "" },
        { Map, "Run /sbin/init as init process", "" },
        { Map, "Freeing unused kernel image (initmem) memory: 4096K", "" },
        { Map, "systemd[1]: Detected architecture x86-64.", "" },
        { Map, "NUMA: Initialized distance table, cnt=2", Change },
        { Map, "No NUMA configuration found", Change },
        { Map, "Faking a node at [mem 0x0000000000000000-0x000000007fffffff]", Change },
        { Map, "memblock_reserve: [0x1000-0x1fff] e820__memblock_setup+0x73/0xb0", Change },
        { Map, "SRAT: PXM 0 -> APIC 0x00 -> Node 0", Change },
        { Map, "Early memory node ranges", Change },
        { Map, "MEMBLOCK configuration:", Change },
        { Map, "early_node_map[1] active PFN ranges", Change },
        {
            Map + "Early memory node ranges\n", "Initmem setup node 0 [mem 0x0000000000001000-0x000000007fffffff]",
            "  node   0: [mem 0x0000000000001000-0x000000000009ffff]"
        },
        { Map, "BIOS-provided physical RAM map:", Map },
        { Map, "update e820 for mtrr", Change },
        { "", "BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable", Added },
        { "", "BIOS-e820: 0000000000100000 - 0000000040000000 (usable)", Added },
        { "", "BIOS-e801: [mem 0x0000000000100000-0x000000003fffffff] usable", Added },
        { "", "BIOS-88: [mem 0x0000000000100000-0x000000003fffffff] usable", Added },
        { "", "BIOS-provided: [mem 0x0000000000100000-0x000000003fffffff] usable", Added },
        { "", "reserve setup_data: [mem 0x0000000000100000-0x000000003fffffff] usable", Added },
        { "", "Xen: [mem 0x0000000000100000-0x000000003fffffff] usable", Added },
        { Map, "user: [mem 0x0000000000100000-0x000000002fffffff] usable", "" },
        { Map, "user: 0000000000100000 - 0000000030000000 (usable)", "" },
        { Map + LastPfn, "modified: [mem 0x0000000000100000-0x000000002fffffff] usable", LastPfn },
        { Map, Change, "" },
        { Map, "e820: remove [mem 0x00200000-0x00200fff] usable", "" },
        { Map, "e820 update range: 0000000000200000 - 0000000000201000 (usable) ==> (reserved)", "" },
        { Map, LastPfn, "" },
        { Map, "SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]", "" },
        { "Early memory node ranges\n", "  node   0: [mem 0x0000000000001000-0x000000000009ffff]", Map },
        { "early_node_map[1] active PFN ranges\n", "    0: 0x00000001 -> 0x000000a0", Map },
        { Map, " memory[0x0]\t[0x0000000000001000-0x000000000009ffff], 0x000000000009f000 bytes flags: 0x0", "" },
        { "", Added, "SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]" },
        { "", "memblock add: [0x100000-0x3fffffff]", "SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]" },
        { Added, "memblock_add_node: [0x0000000000001000-0x000000000009ffff] nid=0 flags=0 x", "" },
        { Added, "memblock_remove: [0x0000000000200000-0x00000000002fffff] x", "" },
        { Added, "memblock_reserve: [0x0000000000200000-0x00000000002fffff] x", "" },
        { Added, "memblock_phys_free: [0x0000000000200000-0x00000000002fffff] x", "" },
        { Added, "memblock_free: [0x0000000000200000-0x00000000002fffff] x", "" },
        { Map, "virt/tdx: module initialized", "" },
        { "", "00100000-3fffffff : System RAM", "00001000-0009ffff : System RAM" },
        { Map, "block_size_bytes 8000000", "" },
        { Map + "block_size_bytes 8000000\n", "memory0 phys_index=00000000 state=online node=0", "" },
        { Map, "   0: 0x0000000000001000..0x000000000009efff    0 NONE", "" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void ALineThatAReaderKnowsReachesIt(string before, string line, string after) =>
        Assert.NotEqual(Read(before + after), Read(before + line + "\n" + after));

    [Fact]
    public void EveryExampleSaysSomething() =>
        Assert.All(LogReader.Examples, static line => Assert.NotEqual(Read(Map + "x\n" + Map), Read(Map + line + "\n" + Map)));

    // A format whose needles stand in no sample and no example has none: give it one.
    [Fact]
    public void EveryNeedleIsInASample() => Assert.Empty(
        LogReader.Needles.Where(static n => !Samples.Select(static s => s.Data.Item2).Concat(LogReader.Examples).Any(l => l.Contains(n, StringComparison.Ordinal))));

    private static string Read(string text) => JsonSerializer.Serialize(LogText.Read(text, isStrict: true).Scenario);
}
