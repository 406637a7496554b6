// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TdxVerify.Scenarios.Lines;

namespace TdxVerify.Scenarios;

/// <summary>Writes a scenario as a kernel log; <see cref="LogReader"/> reads the same scenario back.</summary>
public sealed class ScenarioWriter
{
    // The given messages are spelled alike in all of them.
    private static readonly Version AnyRelease = new(6, 8);
    private readonly StringBuilder _text = new();

    private ScenarioWriter()
    {
    }

    /// <summary>The scenario as text, LF at the end of every line.</summary>
    public static string Write(Scenario scenario)
    {
        var writer = new ScenarioWriter();
        writer.WriteMap(scenario.Machine);
        if (scenario.Observed.LastPfn != 0)
            writer.Line($"last_pfn = 0x{scenario.Observed.LastPfn:x} max_arch_pfn = 0x400000000");

        writer.WriteNodes(scenario.Machine);
        writer.WriteObserved(scenario.Observed);
        writer.WriteRest(scenario);
        return writer._text.ToString();
    }

    private void WriteMap(Machine machine)
    {
        if (machine.KernelRelease is { } release)
            Line($"Linux version {release} (scenario)");

        if (CommandLineWords.Print(machine.Options) is { Length: > 0 } words)
            Line($"Command line: {words}");

        foreach (var entry in machine.E820)
            Line($"BIOS-e820: {Mem(entry.Address, entry.End, 16)} {E820Types.Print(entry.Type)}");

        foreach (var change in machine.E820Changes)
        {
            var range = Mem(change.Address, change.Address + change.Size, 8);
            var from = change.From == E820Type.None ? "" : " " + E820Types.Print(change.From);
            Line(change.Kind == E820ChangeKind.Remove
                ? $"e820: remove {range}{from}"
                : $"e820: update {range}{from} ==> {E820Types.Print(change.To)}");
        }

    }

    private void WriteNodes(Machine machine)
    {
        foreach (var entry in machine.Srat)
        {
            Line($"SRAT: Node {entry.Nid} PXM {entry.Pxm} [mem "
                + $"0x{entry.Start:x8}-0x{entry.End - 1:x8}]"
                + $"{(entry.Hotplug ? " hotplug" : "")}{(entry.NonVolatile ? " non-volatile" : "")}");
        }

        if (machine.KeyIds is { } keys)
            Message(KernelLine.BiosEnabled, keys.FirstPrivate, keys.FirstPrivate + keys.TdxKeyIds);

        foreach (var cmr in machine.Cmrs)
            Message(KernelLine.Cmr, cmr.Base, cmr.End);

        WriteMachineDirectives(machine);
    }

    private void WriteMachineDirectives(Machine machine)
    {
        if (machine.Module is { } module)
            Directive($"module {module}");

        if (machine.Features0 is { } features)
            Directive($"features0 0x{features:x}");

        if (machine.CpuidConfigs is { } configs)
            Directive($"cpuid-configs {configs}");

        var limits = machine.Limits;
        if (limits != ModuleLimits.Usual)
        {
            Directive(
                $"limits max_tdmrs={limits.MaxTdmrs} max_reserved={limits.MaxReservedPerTdmr} "
                    + $"pamt={limits.Pamt4KEntrySize},{limits.Pamt2MEntrySize},{limits.Pamt1GEntrySize}");
        }

        foreach (var range in machine.Mirrored)
            Directive($"mirror {Mem(range.Start, range.End, 16)}");

        foreach (var (range, name) in machine.HotpluggableMemory)
            Directive($"later {Mem(range.Start, range.End, 16)} {name}");

        foreach (var call in machine.MemblockCalls)
        {
            var node = call.Nid == PfnRange.MaxNumnodes ? "" : $" node={call.Nid}";
            var flags = call.Flags == 0 ? "" : $" flags=0x{(uint)call.Flags:x}";
            var limit = call.Limit == 0 ? "" : $" limit=0x{call.Limit:x}";
            var align = call.Alignment == 0 ? "" : $" align=0x{call.Alignment:x}";
            Directive(
                $"memblock {DirectiveLines.Word(call.Kind)} 0x{call.Address:x}+0x{call.Size:x}"
                    + $"{node}{flags}{limit}{align}");
        }
    }

    private void WriteObserved(Observed observed)
    {
        if (observed.MemoryBlockSize != 0)
            Line($"x86/mm: Memory block size: {observed.MemoryBlockSize / Sizes.Mib}MB");

        WriteRanges(observed);
        foreach (var message in observed.Messages)
            Line(message.Template.Prefix + message.Text);
    }

    private void WriteRanges(Observed observed)
    {
        for (var i = 0; i < observed.MemblockMemory.Count; i++)
        {
            var region = observed.MemblockMemory[i];
            var range = region.Range;
            var node = PfnRange.IsValidNode(region.Nid) ? $" on node {region.Nid}" : "";
            Line($" memory[0x{i:x}]\t[0x{range.Start:x16}-0x{range.End - 1:x16}], 0x{range.Size:x16} bytes{node} "
                + $"flags: 0x{(uint)region.Flags:x}");
        }

        if (observed.EarlyRanges.Count > 0)
            Line("Early memory node ranges");

        foreach (var range in observed.EarlyRanges)
            Line($"  node {range.Nid,3}: {Mem(range.Bytes.Start, range.Bytes.End, 16)}");

        if (observed.OnlineMemory.Count > 0)
            Line($"block_size_bytes {observed.MemoryBlockSize:x}");

        foreach (var range in observed.OnlineMemory)
        {
            for (var at = range.Bytes.Start; at < range.Bytes.End; at += observed.MemoryBlockSize)
            {
                var index = at / observed.MemoryBlockSize;
                Line($"memory{index} phys_index={index:x8} state=online node={range.Nid}");
            }
        }
    }

    private void WriteRest(Scenario scenario)
    {
        if (scenario.Profile is { } profile)
            Directive($"profile {profile}");

        if (scenario.Property is { } property)
            Directive($"property {property}");

        WriteFaults(scenario.Faults);
        WriteChoices(scenario.Choices);
        foreach (var step in scenario.Steps)
            Directive("step " + StepWords.Write(step));
    }

    private void WriteFaults(Faults faults)
    {
        WriteNonZero("fault kmalloc", faults.FailingKmalloc, 0);
        WriteNonZero("fault contig", faults.FailingContig, 0);
        WriteNonZero("fault pages-exact", faults.FailingPagesExact, 0);
        WriteNonZero("fault array", faults.FailingArray, 0);
        WriteNonZero("fault notifier", faults.NotifierRegistrationErrno, 0);
        if (faults.FailingVmxon != 0)
            Directive($"fault vmxon {faults.FailingVmxon} {faults.VmxonErrno}");

        if (faults.HibernationAvailable)
            Directive("fault hibernation");

        foreach (var fault in faults.Seamcalls)
        {
            var leaf = SeamcallLeaf.IsOfSeamldr(fault.Leaf) ? $"0x{fault.Leaf:x}" : $"{fault.Leaf}";
            Directive($"fault seamcall {leaf} {fault.Nth} {fault.Times} 0x{fault.Status:x}");
        }
    }

    private void WriteChoices(Choices choices)
    {
        WriteNonZero("env cpus", choices.Cpus, 1);
        WriteNonZero("env cpus-per-package", choices.CpusPerPackage, 1);
        WriteNonZero("env offline-cpus", choices.OfflineCpus, 0);
        if (choices.TdmrInitStep != Sizes.Mib4)
            Directive($"env tdmr-init-step 0x{choices.TdmrInitStep:x}");

        if (choices.TdmrInitStalls)
            Directive("env tdmr-init-stalls");

        if (!choices.PartialWriteErratum)
            Directive("env no-erratum");

        foreach (var (word, missing) in DirectiveLines.Features)
        {
            if ((choices.Missing & missing) != 0)
                Directive($"env {word}");
        }

        if (choices.SeamretInvalidatesVmcs)
            Directive("env seamret-invalidates-vmcs");

        if (choices.KvmHoldsVmx)
            Directive("env kvm-vmx");

        if (choices.RunsUnderHypervisor)
            Directive("env hypervisor");

        if (choices.TdPage is { } page)
            Directive($"env td-page 0x{page:x}");

        foreach (var pinned in choices.Pinned)
            Directive($"env pin 0x{pinned.Address:x} {DirectiveLines.Word(pinned.Isolation)}");

        foreach (var pfn in choices.RecordedPamts)
            Directive(pfn is { } number ? $"env pamt 0x{number:x}" : "env pamt none");

        // Recorded places choose their placement themselves.
        if (choices.Placement != (choices.RecordedPamts.Count > 0 ? PamtPlacement.Recorded : PamtPlacement.FirstFit))
        {
            var bits = choices.Placement == PamtPlacement.Adversarial ? $" 0x{choices.PlacementBits:x}" : "";
            Directive($"env placement {DirectiveLines.Word(choices.Placement)}{bits}");
        }
    }

    private void WriteNonZero(string words, int value, int usual)
    {
        if (value != usual)
            Directive($"{words} {value}");
    }

    /// <summary>Inclusive ends; the last byte of the 64-bit space stands for a range that was cut there.</summary>
    private static string Mem(ulong start, ulong end, int digits)
    {
        var last = end == ulong.MaxValue ? end : end - 1;
        return string.Create(
            CultureInfo.InvariantCulture, $"[mem 0x{start.ToString("x" + digits)}-0x{last.ToString("x" + digits)}]");
    }

    private void Message(KernelLine line, ulong first, ulong second) =>
        Line(KernelMessages.Print(line, AnyRelease, first, second));

    private void Directive(string text) => Line("tdxverify: " + text);
    private void Line(string text) => _text.Append(text).Append('\n');
}
