// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Cases;

/// <summary>Turns a recorded host case into a scenario.</summary>
internal static class HostCaseScenario
{
    private static readonly Dictionary<string, MemblockCallKind> Functions = new(StringComparer.Ordinal)
    {
        ["add"] = MemblockCallKind.Add,
        ["remove"] = MemblockCallKind.Remove,
        ["reserve"] = MemblockCallKind.Reserve,
        ["set_node"] = MemblockCallKind.SetNode,
        ["mark_mirror"] = MemblockCallKind.MarkMirror,
        ["mark_hotplug"] = MemblockCallKind.MarkHotplug,
        ["mark_nomap"] = MemblockCallKind.MarkNomap,
        ["trim"] = MemblockCallKind.Trim,
    };

    /// <summary>NR_CPUS of the largest x86 configuration.</summary>
    private const int MaxCpus = 8192;

    private static readonly string[] ConfigKeys =
        ["max_tdmrs", "max_rsvd", "pamt", "init_step", "contig", "cpus", "per_pkg"];

    private static readonly Dictionary<string, PamtPlacement> Allocators = new(StringComparer.Ordinal)
    {
        ["outside"] = PamtPlacement.Outside,
        ["topdown"] = PamtPlacement.TopDown,
        ["bottomup"] = PamtPlacement.BottomUp,
        ["kernel_like"] = PamtPlacement.FirstFit,
    };

    /// <summary>Reads the given fields of a case: one enable, with recorded PAMT places, and the notifier
    /// calls.</summary>
    public static Scenario Read(JsonElement recorded)
    {
        var scenario = ReadGiven(recorded);
        scenario.Choices.Placement = PamtPlacement.Recorded;
        scenario.Steps.Add(Step.Enable);
        scenario.Steps.AddRange(RecordedValue.Items(recorded, "notify")
            .Select(static n => Step.GoingOnline(RecordedValue.Number(n[0]), RecordedValue.Number(n[1]))));
        return scenario;
    }

    /// <summary>The same case with a second enable behind the first. Where the first did not reach the allocator the
    /// record has no places, so its rule is used.</summary>
    public static Scenario ReadTwice(JsonElement recorded)
    {
        var scenario = ReadGiven(recorded);
        var name = recorded.GetProperty("cfg").GetProperty("contig").GetString() ?? "";
        if (!Allocators.TryGetValue(name, out var placement))
            throw new MalformedCaseException("contig outside, topdown, bottomup or kernel_like", name);

        scenario.Choices.Placement = scenario.Choices.RecordedPamts.Count > 0 ? PamtPlacement.Recorded : placement;
        scenario.Steps.Add(Step.Enable);
        scenario.Steps.Add(Step.Enable);
        return scenario;
    }

    private static Scenario ReadGiven(JsonElement recorded)
    {
        var scenario = new Scenario();
        scenario.Machine.Options = BootOptions.None with { KernelcoreMirror = true };
        scenario.Machine.MemblockCalls.AddRange(RecordedValue.Items(recorded, "ops").Select(Call));
        ReadConfig(recorded.GetProperty("cfg"), scenario);
        ReadFaults(recorded, scenario.Faults);
        foreach (var answer in RecordedValue.Items(recorded, "contig"))
        {
            scenario.Choices.RecordedPamts.Add(
                answer[2].ValueKind == JsonValueKind.Null ? null : RecordedValue.Number(answer[2]));
        }

        return scenario;
    }

    private static MemblockCall Call(JsonElement call)
    {
        var name = call[0].GetString() ?? "";
        if (!Functions.TryGetValue(name, out var kind))
            throw new MalformedCaseException("a memblock function", name);

        if (kind == MemblockCallKind.Trim)
            return new MemblockCall(kind, 0, RecordedValue.Number(call[1]), 0, 0);

        var nid = call.GetArrayLength() > 3 && kind is MemblockCallKind.Add or MemblockCallKind.SetNode
            ? RecordedValue.Node(call[3])
            : PfnRange.MaxNumnodes;
        var flags = call.GetArrayLength() > 4
            && kind == MemblockCallKind.Add ? (uint)RecordedValue.Number(call[4]) : 0;
        return new MemblockCall(
            kind, RecordedValue.Number(call[1]), RecordedValue.Number(call[2]), nid, (MemblockFlags)flags);
    }

    private static void ReadConfig(JsonElement config, Scenario scenario)
    {
        foreach (var key in config.EnumerateObject().Where(static k => !ConfigKeys.Contains(k.Name)))
            throw new MalformedCaseException("a key of cfg", key.Name);

        var pamt = config.GetProperty("pamt");
        scenario.Machine.Limits = new ModuleLimits(
            Short(config.GetProperty("max_tdmrs")), Short(config.GetProperty("max_rsvd")), Short(pamt[0]),
                Short(pamt[1]), Short(pamt[2]));
        scenario.Choices.TdmrInitStep = RecordedValue.Number(config, "init_step", 0);
        scenario.Choices.Cpus = RecordedValue.Between(config, "cpus", 1, MaxCpus, 1);
        scenario.Choices.CpusPerPackage = RecordedValue.Between(config, "per_pkg", 1, MaxCpus, 1);
    }

    private static ushort Short(JsonElement value) => RecordedValue.Number(value) is var number and <= ushort.MaxValue
        ? (ushort)number
        : throw new MalformedCaseException("a number of 16 bits", value.GetRawText());

    private static void ReadFaults(JsonElement recorded, Faults faults)
    {
        if (recorded.TryGetProperty("fault", out var fault))
        {
            var nth = RecordedValue.Int(fault[1]);
            switch (fault[0].GetString())
            {
                case "kmalloc":
                    faults.FailingKmalloc = nth;
                    break;
                case "contig":
                    faults.FailingContig = nth;
                    break;
                case "pages_exact":
                    faults.FailingPagesExact = nth;
                    break;
                default:
                    throw new MalformedCaseException("fault kmalloc, contig or pages_exact", fault[0].GetRawText());
            }
        }

        if (recorded.TryGetProperty("mfail", out var seamcall))
        {
            faults.Seamcalls.Add(new SeamcallFault(
                RecordedValue.Number(seamcall[0]), RecordedValue.Int(seamcall[1]), RecordedValue.Int(seamcall[2]),
                    RecordedValue.Number(seamcall[3])));
        }
    }
}
