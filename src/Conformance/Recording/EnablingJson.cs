// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json.Nodes;

namespace TdxVerify.Conformance.Recording;

/// <summary>An enabling of TDX as a record has it.</summary>
internal static class EnablingJson
{
    private const ulong BytesOfMovdir64B = 64;
    private const int MostCalls = 1024;

    /// <summary>What the enabling led to.</summary>
    /// <param name="step">The step, with its events.</param>
    /// <param name="isOfBoot">An initcall made it.</param>
    /// <param name="regions">memblock when it was called.</param>
    public static JsonObject Of(
        Scenario scenario, Trace trace, StepRecord step, bool isOfBoot, IReadOnlyList<MemblockRegion> regions)
    {
        var events = trace.Events.Take(step.EndEvent).Skip(isOfBoot ? 0 : step.FirstEvent).ToArray();
        var isConfigured = events.Any(static e => e.IsCall(SeamcallLeaf.SysConfig));
        var memlist = trace.SnapshotAfter(trace.Steps.Length).Memlist.ToArray();
        var made = new JsonObject
        {
            ["params"] = Parameters(scenario, events, isOfBoot),
            ["result"] = Result(step.Result),
            ["calls"] = Calls(events, isOfBoot),
            ["memblock_at"] = isOfBoot ? Numbered(regions) : StateJson.Memblock(regions),
            ["tdmrs"] = new JsonArray([.. isConfigured ? Tdmrs(trace.Configured) : []]),
            ["keyid"] = isConfigured ? (scenario.Machine.KeyIds ?? KeyIdPartition.Usual).FirstPrivate : 0,
            ["memlist_pfn"] = new JsonArray(
                [.. memlist.Select(static e =>
                    (JsonNode)new JsonArray(StateJson.Hex(e.Start), StateJson.Hex(e.End), e.Nid))]),
        };
        if (isOfBoot)
            made["seq"] = Sequence(events);

        if (isOfBoot && !events.Any(static e => e.Kind == TraceEventKind.Seamcall))
            made.Remove("memblock_at");

        return made;
    }

    /// <summary>SEAMCALLs by leaf; of an initcall with the instructions around them.</summary>
    public static JsonObject Calls(IReadOnlyCollection<TraceEvent> events, bool withInstructions)
    {
        var calls = new JsonObject();
        var leaves = events.Where(static e => e.Kind == TraceEventKind.Seamcall).GroupBy(static e => e.Seamcall.Leaf);
        foreach (var leaf in leaves.OrderBy(static g => g.Key))
            calls[leaf.Key.ToString(CultureInfo.InvariantCulture)] = leaf.Count();

        if (withInstructions)
        {
            Add(calls, "vmxon", events.Count(static e => e.Kind == TraceEventKind.VmxGet));
            Add(calls, "vmxoff", events.Count(static e => e.Kind == TraceEventKind.VmxPut));
            var reset = events.Where(static e => e.Kind == TraceEventKind.Reset)
                .Aggregate(0UL, static (sum, e) => sum + e.Reset.Size);
            Add(calls, "movdir64b", (int)(reset / BytesOfMovdir64B));
        }

        return calls;
    }

    public static string Result(int result) => result == 0 ? "OK" : Errno.Name(result)[1..];

    private static void Add(JsonObject calls, string name, int count)
    {
        if (count > 0)
            calls[name] = count;
    }

    /// <summary>What the module answered. A status that it refused with is told as a call that was made to
    /// fail.</summary>
    private static JsonObject Parameters(Scenario scenario, IReadOnlyCollection<TraceEvent> events, bool isOfBoot)
    {
        var limits = scenario.Machine.Limits;
        var parameters = new JsonObject
        {
            ["max_tdmrs"] = limits.MaxTdmrs,
            ["max_rsvd"] = limits.MaxReservedPerTdmr,
            ["pamt_entry"] = limits.Pamt4KEntrySize,
            ["init_step"] = scenario.Choices.TdmrInitStep,
        };
        if (isOfBoot)
        {
            parameters["pamt_2m"] = limits.Pamt2MEntrySize;
            parameters["pamt_1g"] = limits.Pamt1GEntrySize;
            parameters["missing"] = new JsonArray([.. Missing(scenario.Choices.Missing)]);
            var reads = events.Count(static e => e.IsCall(SeamcallLeaf.SysRd));
            if (reads > FixedReads)
                parameters["num_cpuid_config"] = (reads - FixedReads) / ReadsOfConfig;
        }

        var failed = events.Where(static e => e.Kind == TraceEventKind.Seamcall && e.Seamcall.Status != 0).ToArray();
        if (failed.Length > 0)
        {
            var (leaf, status) = (failed[0].Seamcall.Leaf, failed[0].Seamcall.Status);
            parameters["fail_leaf"] = leaf;
            parameters["fail_after"] = events.TakeWhile(static e => e.Kind != TraceEventKind.Seamcall
                || e.Seamcall.Status == 0).Count(e => e.IsCall(leaf));
            parameters["fail_times"] = failed.Count(e => e.IsCall(leaf));
            parameters["fail_code"] = StateJson.Hex(status);
        }

        return parameters;
    }

    private const int FixedReads = 18;
    private const int ReadsOfConfig = 3;

    private static IEnumerable<JsonNode> Missing(MissingFeatures missing)
    {
        (MissingFeatures Feature, string Name)[] names =
            [(MissingFeatures.Vmx, "VMX"), (MissingFeatures.Movdir64B, "MOVDIR64B"), (MissingFeatures.Xsave, "XSAVE")];
        return names.Where(n => (missing & n.Feature) != 0).Select(static n => (JsonNode)n.Name);
    }

    private static JsonArray Numbered(IReadOnlyList<MemblockRegion> regions) => new(
        [.. regions.Select(static r =>
            (JsonNode)new JsonArray(StateJson.Hex(r.Base), StateJson.Hex(r.End), r.Nid, (uint)r.Flags))]);

    private static IEnumerable<JsonNode> Tdmrs(TdmrTable table)
    {
        foreach (var tdmr in table.Tdmrs.ToArray())
        {
            yield return new JsonObject
            {
                ["base"] = StateJson.Hex(tdmr.Base),
                ["size"] = StateJson.Hex(tdmr.Size),
                ["pamt_4k"] = StateJson.Pair(tdmr.Pamt4K.Base, tdmr.Pamt4K.Size),
                ["pamt_2m"] = StateJson.Pair(tdmr.Pamt2M.Base, tdmr.Pamt2M.Size),
                ["pamt_1g"] = StateJson.Pair(tdmr.Pamt1G.Base, tdmr.Pamt1G.Size),
                ["rsvd"] = new JsonArray(
                    [.. table.Reserved(tdmr).ToArray().Select(static a => StateJson.Pair(a.Offset, a.Size))]),
            };
        }
    }

    /// <summary>[leaf, cpu, status, count], equal neighbours counted together.</summary>
    private static JsonArray Sequence(IEnumerable<TraceEvent> events)
    {
        var sequence = new JsonArray();
        (ulong Leaf, int Lp, ulong Status, int Count) run = default;
        foreach (var call in events.Where(static e => e.Kind == TraceEventKind.Seamcall).Take(MostCalls))
        {
            var (leaf, lp, status) = (call.Seamcall.Leaf, call.Seamcall.Lp, call.Seamcall.Status);
            if ((leaf, lp, status) == (run.Leaf, run.Lp, run.Status))
            {
                run.Count++;
                continue;
            }

            Flush();
            run = (leaf, lp, status, 1);
        }

        Flush();
        return sequence;

        void Flush()
        {
            if (run.Count > 0)
                sequence.Add(new JsonArray(run.Leaf, run.Lp, StateJson.Hex(run.Status), run.Count));
        }
    }
}
