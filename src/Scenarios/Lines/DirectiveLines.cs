// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TdxVerify.Scenarios.Lines;

/// <summary>Lines of our own, behind "tdxverify: ": what a kernel log can't say. A typo is an error.</summary>
internal static class DirectiveLines
{
    private const string Prefix = "tdxverify: ";

    private static readonly (string Word, MemblockCallKind Kind)[] Calls =
    [
        ("add", MemblockCallKind.Add), ("remove", MemblockCallKind.Remove), ("reserve", MemblockCallKind.Reserve),
        ("free", MemblockCallKind.Free), ("set_node", MemblockCallKind.SetNode),
        ("mark_hotplug", MemblockCallKind.MarkHotplug),
        ("mark_mirror", MemblockCallKind.MarkMirror), ("mark_nomap", MemblockCallKind.MarkNomap),
        ("clear_hotplug", MemblockCallKind.ClearHotplug), ("clear_nomap", MemblockCallKind.ClearNomap),
        ("trim", MemblockCallKind.Trim),
        ("mark_kho_scratch", MemblockCallKind.MarkKhoScratch), ("set_node_reserved", MemblockCallKind.SetNodeReserved),
        ("mark_noinit", MemblockCallKind.MarkNoinit), ("bottom_up", MemblockCallKind.BottomUp),
        ("current_limit", MemblockCallKind.CurrentLimit), ("alloc_exact_nid", MemblockCallKind.AllocExact),
        ("alloc", MemblockCallKind.Alloc), ("phys_alloc", MemblockCallKind.PhysAlloc),
        ("overlaps_reserved", MemblockCallKind.OverlapsReserved), ("overlaps", MemblockCallKind.Overlaps),
        ("allow_resize", MemblockCallKind.AllowResize), ("walk", MemblockCallKind.Walk),
    ];

    private static readonly (string Word, PamtPlacement Placement)[] Placements =
    [
        ("first-fit", PamtPlacement.FirstFit), ("top-down", PamtPlacement.TopDown),
        ("bottom-up", PamtPlacement.BottomUp),
        ("outside", PamtPlacement.Outside), ("recorded", PamtPlacement.Recorded),
        ("adversarial", PamtPlacement.Adversarial),
    ];

    public static LogFormat Format { get; } = new([Prefix], Read);

    public static (string Word, MissingFeatures Missing)[] Features { get; } =
    [
        ("no-xsave", MissingFeatures.Xsave), ("no-movdir64b", MissingFeatures.Movdir64B),
        ("no-selfsnoop", MissingFeatures.SelfSnoop), ("no-vmx", MissingFeatures.Vmx),
    ];

    public static string Word(MemblockCallKind kind) => Array.Find(Calls, c => c.Kind == kind).Word;

    public static string Word(Isolation isolation) => isolation switch
    {
        Isolation.Unmovable => "unmovable",
        Isolation.Stuck => "stuck",
        _ => "interrupted",
    };

    public static string Word(PamtPlacement placement) => Array.Find(Placements, p => p.Placement == placement).Word;

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var at = line.IndexOf(Prefix, StringComparison.Ordinal);
        if (!line[..at].TrimStart("> \t").IsEmpty)
            return LineResult.Unknown;

        boot.Scenario.Observed.IsScenario = true;
        return ReadBehind(line[(at + Prefix.Length)..], boot.Scenario) is { } expected
            ? LineResult.Wrong(expected)
            : LineResult.Read;
    }

    /// <summary>Reads what follows the prefix.</summary>
    /// <returns>Null, or what was expected.</returns>
    private static string? ReadBehind(ReadOnlySpan<char> text, Scenario scenario)
    {
        var scanner = new LineScanner(text.TrimEnd());
        var space = scanner.Rest.IndexOf(' ');
        var word = (space < 0 ? scanner.Rest : scanner.Rest[..space]).ToString();
        scanner.Word(word);
        scanner.Blanks();
        return word switch
        {
            "profile" => ReadProfile(scanner, scenario),
            "property" => ReadProperty(scanner, scenario),
            "module" => ReadModule(scanner, scenario.Machine),
            "features0" => ReadFeatures(scanner, scenario.Machine),
            "cpuid-configs" => ReadCpuidConfigs(scanner, scenario.Machine),
            "limits" => ReadLimits(scanner, scenario.Machine),
            "mirror" => ReadMirror(scanner, scenario.Machine),
            "later" => ReadLater(scanner, scenario.Machine),
            "memblock" => ReadCall(scanner, scenario.Machine),
            "step" => ReadStep(scanner, scenario),
            "fault" => ReadFault(scanner, scenario.Faults),
            "env" => ReadChoice(scanner, scenario.Choices),
            _ => "profile, property, module, features0, cpuid-configs, limits, mirror, later, memblock, step, "
                + "fault or env",
        };
    }

    private static string? ReadProfile(LineScanner scanner, Scenario scenario)
    {
        scenario.Profile = scanner.Rest.Trim().ToString();
        return scenario.Profile.Length > 0 ? null : "profile NAME";
    }

    private static string? ReadProperty(LineScanner scanner, Scenario scenario)
    {
        scenario.Property = scanner.Rest.Trim().ToString();
        return scenario.Property.Length > 0 ? null : "property ID";
    }

    private static string? ReadModule(LineScanner scanner, Machine machine)
    {
        var isWhole = scanner.Number(out var major) & scanner.Word(".") & scanner.Number(out var minor)
            && scanner.IsAtEnd;
        machine.Module = new ModuleVersion(major, minor);
        return isWhole ? null : "module MAJOR.MINOR";
    }

    private static string? ReadFeatures(LineScanner scanner, Machine machine)
    {
        var isWhole = scanner.Hex(out var features) && scanner.IsAtEnd;
        machine.Features0 = features;
        return isWhole ? null : "features0 0xBITS";
    }

    private static string? ReadCpuidConfigs(LineScanner scanner, Machine machine)
    {
        var isWhole = scanner.Number(out var configs) && scanner.IsAtEnd && configs <= ushort.MaxValue;
        machine.CpuidConfigs = (ulong)configs;
        return isWhole ? null : "cpuid-configs N (at most 65535)";
    }

    private static string? ReadLimits(LineScanner scanner, Machine machine)
    {
        var isWhole =
            scanner.Word("max_tdmrs=") & Short(ref scanner, out var tdmrs) & scanner.Word(" max_reserved=") & Short(
                ref scanner, out var reserved)
            & scanner.Word(" pamt=") & Short(ref scanner, out var small) & scanner.Word(",") & Short(
                ref scanner, out var middle)
            & scanner.Word(",") & Short(ref scanner, out var large) && scanner.IsAtEnd;
        machine.Limits = new ModuleLimits(tdmrs, reserved, small, middle, large);
        return isWhole ? null : "limits max_tdmrs=N max_reserved=N pamt=N,N,N";
    }

    private static string? ReadMirror(LineScanner scanner, Machine machine)
    {
        var isWhole = scanner.MemRange(out var first, out var last) && last >= first && scanner.IsAtEnd;
        machine.Mirrored.Add(AddressRange.Inclusive(first, last));
        return isWhole ? null : "mirror [mem 0xSTART-0xEND]";
    }

    private static string? ReadLater(LineScanner scanner, Machine machine)
    {
        var isWhole = scanner.MemRange(out var first, out var last) && last >= first;
        machine.HotpluggableMemory.Add(
            new NamedRange(AddressRange.Inclusive(first, last), scanner.Rest.Trim().ToString()));
        return isWhole ? null : "later [mem 0xSTART-0xEND] NAME";
    }

    /// <summary>"memblock add 0x100000+0x1000 node=0 flags=0x0".</summary>
    private static string? ReadCall(LineScanner scanner, Machine machine)
    {
        const string Shape = "memblock FUNCTION 0xSTART+0xSIZE [node=N] [flags=0xF] [limit=0xEND] [align=0xBYTES]";
        foreach (var (word, kind) in Calls)
        {
            if (!scanner.Word(word + " "))
                continue;

            var isWhole = scanner.HexPair("+", out var start, out var size);
            var nid = PfnRange.MaxNumnodes;
            ulong flags = 0;
            isWhole &= !scanner.Word(" node=") || scanner.Number(out nid);
            isWhole &= !scanner.Word(" flags=") || (scanner.Hex(out flags) && flags <= uint.MaxValue);
            ulong limit = 0, alignment = 0;
            isWhole &= !scanner.Word(" limit=") || scanner.Hex(out limit);
            isWhole &= !scanner.Word(" align=") || (scanner.Hex(out alignment) && BitOperations.IsPow2(alignment));
            machine.MemblockCalls.Add(
                new MemblockCall(kind, start, size, nid, (MemblockFlags)flags, limit, alignment));
            return isWhole && scanner.IsAtEnd ? null : Shape;
        }

        return Shape;
    }

    private static string? ReadStep(LineScanner scanner, Scenario scenario)
    {
        if (!StepWords.TryRead(scanner, out var step, out var expected))
            return expected;

        scenario.Steps.Add(step);
        return null;
    }

    private static string? ReadFault(LineScanner scanner, Faults faults)
    {
        const string Shape =
            "fault kmalloc N, contig N, pages-exact N, array N, hibernation, notifier -ERRNO, vmxon N -ERRNO or "
                + "seamcall LEAF NTH TIMES 0xSTATUS";
        var isWhole = false;
        if (scanner.Word("kmalloc ") && scanner.Number(out var nth))
        {
            (faults.FailingKmalloc, isWhole) = (nth, true);
        }
        else if (scanner.Word("contig ") && scanner.Number(out nth))
        {
            (faults.FailingContig, isWhole) = (nth, true);
        }
        else if (scanner.Word("pages-exact ") && scanner.Number(out nth))
        {
            (faults.FailingPagesExact, isWhole) = (nth, true);
        }
        else if (scanner.Word("array ") && scanner.Number(out nth))
        {
            (faults.FailingArray, isWhole) = (nth, true);
        }
        else if (scanner.Word("hibernation"))
        {
            (faults.HibernationAvailable, isWhole) = (true, true);
        }
        else if (scanner.Word("notifier ") && scanner.Number(out var errno))
        {
            (faults.NotifierRegistrationErrno, isWhole) = (errno, errno < 0);
        }
        else if (scanner.Word("vmxon ") && scanner.Number(out nth) && scanner.Word(" ") && scanner.Number(out errno))
        {
            (faults.FailingVmxon, faults.VmxonErrno, isWhole) = (nth, errno, errno < 0);
        }
        else if (
            scanner.Word("seamcall ") && Leaf(ref scanner, out var leaf) && scanner.Word(" ")
            && scanner.Number(out nth) && scanner.Word(" ") && scanner.Number(out var times) && scanner.Word(" ")
            && scanner.Hex(out var status))
        {
            faults.Seamcalls.Add(new SeamcallFault(leaf, nth, times, status));
            isWhole = true;
        }

        return isWhole && scanner.IsAtEnd ? null : Shape;
    }

    private static string? ReadChoice(LineScanner scanner, Choices choices)
    {
        const string Shape =
            "env cpus N, cpus-per-package N, offline-cpus N, tdmr-init-step 0xBYTES, tdmr-init-stalls, no-erratum, "
                + "no-xsave, no-movdir64b, no-selfsnoop, no-vmx, seamret-invalidates-vmcs, kvm-vmx, placement NAME, "
                    + "pamt 0xPFN, pamt none, td-page 0xADDRESS, hypervisor or "
                    + "pin 0xADDRESS unmovable|stuck|interrupted";
        var isWhole = false;
        if (scanner.Word("cpus ") && scanner.Number(out var count))
        {
            (choices.Cpus, isWhole) = (count, count is > 0 and <= 8192);
        }
        else if (scanner.Word("cpus-per-package ") && scanner.Number(out count))
        {
            (choices.CpusPerPackage, isWhole) = (count, count is > 0 and <= 8192);
        }
        else if (scanner.Word("offline-cpus ") && scanner.Number(out count))
        {
            (choices.OfflineCpus, isWhole) = (count, count is >= 0 and <= 8192);
        }
        else if (scanner.Word("tdmr-init-step ") && scanner.Hex(out var bytes))
        {
            (choices.TdmrInitStep, isWhole) = (bytes, true);
        }
        else if (scanner.Word("tdmr-init-stalls"))
        {
            (choices.TdmrInitStalls, isWhole) = (true, true);
        }
        else if (scanner.Word("placement "))
        {
            isWhole = Placement(ref scanner, choices);
        }
        else if (scanner.Word("hypervisor"))
        {
            (choices.RunsUnderHypervisor, isWhole) = (true, true);
        }
        else if (scanner.Word("td-page ") && scanner.Hex(out var page))
        {
            (choices.TdPage, isWhole) = (page, Pages.IsAligned(page, Sizes.Page4K));
        }
        else if (scanner.Word("pin ") && scanner.Hex(out var block) && scanner.Word(" "))
        {
            isWhole = Pin(ref scanner, block, choices);
        }
        else if (scanner.Word("no-erratum"))
        {
            (choices.PartialWriteErratum, isWhole) = (false, true);
        }
        else if (scanner.Word("seamret-invalidates-vmcs"))
        {
            (choices.SeamretInvalidatesVmcs, isWhole) = (true, true);
        }
        else if (scanner.Word("kvm-vmx"))
        {
            (choices.KvmHoldsVmx, isWhole) = (true, true);
        }
        else if (Lacks(ref scanner, choices))
        {
            isWhole = true;
        }
        else if (scanner.Word("pamt "))
        {
            choices.Placement = PamtPlacement.Recorded;
            isWhole = scanner.Word("none");
            ulong pfn = 0;
            choices.RecordedPamts.Add(isWhole || !(isWhole = scanner.Hex(out pfn)) ? null : pfn);
        }

        return isWhole && scanner.IsAtEnd ? null : Shape;
    }

    /// <summary>A number of the module's, or a hexadecimal one of P-SEAMLDR's.</summary>
    private static bool Leaf(ref LineScanner scanner, out ulong leaf)
    {
        if (scanner.Rest.StartsWith("0x", StringComparison.Ordinal))
            return scanner.Hex(out leaf);

        var isWhole = scanner.Number(out var number);
        leaf = (ulong)number;
        return isWhole;
    }

    private static bool Lacks(ref LineScanner scanner, Choices choices)
    {
        foreach (var (word, missing) in Features)
        {
            if (scanner.Word(word))
            {
                choices.Missing |= missing;
                return true;
            }
        }

        return false;
    }

    private static bool Pin(ref LineScanner scanner, ulong address, Choices choices)
    {
        foreach (var isolation in (Isolation[])[Isolation.Unmovable, Isolation.Stuck, Isolation.Interrupted])
        {
            if (scanner.Word(Word(isolation)))
            {
                choices.Pinned.Add(new PinnedBlock(address, isolation));
                return true;
            }
        }

        return false;
    }

    /// <summary>"first-fit", "adversarial 0x1234".</summary>
    private static bool Placement(ref LineScanner scanner, Choices choices)
    {
        foreach (var (word, placement) in Placements)
        {
            if (scanner.Word(word))
            {
                ulong bits = 0;
                var isWhole = placement != PamtPlacement.Adversarial || (scanner.Word(" ") && scanner.Hex(out bits));
                (choices.Placement, choices.PlacementBits) = (placement, bits);
                return isWhole;
            }
        }

        return false;
    }

    private static bool Short(ref LineScanner scanner, out ushort value)
    {
        var isWhole = scanner.Number(out var number) && number is >= 0 and <= ushort.MaxValue;
        value = isWhole ? (ushort)number : (ushort)0;
        return isWhole;
    }
}
