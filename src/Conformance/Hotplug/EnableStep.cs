// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded enabling of TDX on the model; PAMTs lie where they lay.</summary>
/// <param name="recorded">The step.</param>
/// <param name="world">The model.</param>
/// <param name="answer">Where differences go.</param>
internal sealed class EnableStep(JsonElement recorded, HotplugWorld world, RecordedAnswer answer)
{
    /// <summary>Where PAMTs may have lain when the record doesn't show it.</summary>
    private static readonly PamtPlacement[] Places = [PamtPlacement.FirstFit, PamtPlacement.Outside, PamtPlacement.BottomUp, PamtPlacement.TopDown];

    /// <summary>Takes it.</summary>
    /// <param name="decision">Which place of PAMTs that the record doesn't show.</param>
    /// <param name="decisions">How many there are.</param>
    public void Run(int decision, out int decisions)
    {
        var parameters = recorded.GetProperty("params");
        var entry = (ushort)RecordedValue.Int(parameters, "pamt_entry", 16);
        var limits = new ModuleLimits((ushort)RecordedValue.Int(parameters, "max_tdmrs", 64), (ushort)RecordedValue.Int(parameters, "max_rsvd", 16), entry, entry, entry);
        ReadFaults(parameters);
        var tdmrs = recorded.GetProperty("tdmrs");
        var areKnown = tdmrs.ValueKind == JsonValueKind.Array && tdmrs.GetArrayLength() > 0;
        decisions = areKnown ? 1 : Places.Length;
        world.Choices.Placement = areKnown ? PamtPlacement.Recorded : Places[decision];
        world.Choices.RecordedPamts.Clear();
        if (areKnown)
        {
            world.Choices.RecordedPamts.AddRange(tdmrs.EnumerateArray().Select(static t => (ulong?)Pages.PfnDown(RecordedValue.Number(t.GetProperty("pamt_4k")[0]))));
        }

        answer.Compare(recorded, "memblock_at", RecordedAnswer.List(world.Memblock!.Memory.Regions.ToArray().Select(static r =>
            RecordedAnswer.List([RecordedAnswer.Number(r.Base), RecordedAnswer.Number(r.End), RecordedAnswer.Number(unchecked((ulong)r.Nid)), $"\"{HotplugState.FlagName(r.Flags)}\""]))));
        var result = world.Enable(limits);
        Expect("result", recorded.GetProperty("result").GetString() ?? "", result == 0 ? "OK" : Errno.Name(result)[1..]);
        CompareCalls();
        answer.Compare(recorded, "memlist_pfn", RecordedAnswer.List(world.Memlist.ToArray().Select(static e => RecordedAnswer.Numbers(e.Start, e.End, unchecked((ulong)e.Nid)))));
        if (tdmrs.ValueKind == JsonValueKind.Array)
        {
            CompareTdmrs(tdmrs);
        }

        // Who plays the module notes the KeyID when it takes TDMRs: not when it was told to refuse them.
        if (recorded.TryGetProperty("keyid", out _))
        {
            answer.Compare(recorded, "keyid", RecordedAnswer.Number(areKnown ? world.GlobalKeyId : 0));
        }
    }

    private void ReadFaults(JsonElement parameters)
    {
        world.Faults.Clear();
        if (parameters.TryGetProperty("fail_leaf", out var leaf))
        {
            var code = RecordedValue.Number(parameters, "fail_code", 0);
            world.Faults.Seamcalls.Add(new SeamcallFault(RecordedValue.Number(leaf), RecordedValue.Int(parameters, "fail_after", 0) + 1, int.MaxValue, code));
        }
    }

    private void CompareCalls()
    {
        var calls = recorded.GetProperty("calls").EnumerateObject()
            .ToDictionary(static c => ulong.Parse(c.Name, CultureInfo.InvariantCulture), static c => RecordedValue.Int(c.Value));
        for (ulong leaf = 0; leaf < 64; leaf++)
        {
            var predicted = world.Trace.SeamcallsOf(leaf);
            if (calls.GetValueOrDefault(leaf) != predicted)
            {
                answer.Add($"SEAMCALL {leaf}", $"{calls.GetValueOrDefault(leaf)} calls", $"{predicted} calls");
            }
        }
    }

    private void CompareTdmrs(JsonElement tdmrs)
    {
        var table = world.Trace.Configured;
        var isConfigured = world.Trace.SeamcallsOf(Model.Seamcall.SeamcallLeaf.SysConfig) > 0;
        var predicted = isConfigured ? RecordedAnswer.List(table.Tdmrs.ToArray().Select(t => Tdmr(table, t))) : "[]";
        var seen = RecordedAnswer.List(tdmrs.EnumerateArray().Select(static t => RecordedAnswer.List(
        [
            Number(t.GetProperty("base")), Number(t.GetProperty("size")),
            Pair(t.GetProperty("pamt_4k")), Pair(t.GetProperty("pamt_2m")), Pair(t.GetProperty("pamt_1g")),
            RecordedAnswer.List(t.GetProperty("rsvd").EnumerateArray().Select(Pair)),
        ])));
        Expect("tdmrs", seen, predicted);
    }

    private static string Tdmr(TdmrTable table, TdmrView tdmr) => RecordedAnswer.List(
    [
        RecordedAnswer.Number(tdmr.Base), RecordedAnswer.Number(tdmr.Size),
        Pamt(tdmr.Pamt4K), Pamt(tdmr.Pamt2M), Pamt(tdmr.Pamt1G),
        RecordedAnswer.List(table.Reserved(tdmr).ToArray().Select(static a => RecordedAnswer.Numbers(a.Offset, a.Size))),
    ]);

    private static string Pamt(PamtView pamt) => RecordedAnswer.Numbers(pamt.Base, pamt.Size);

    private static string Number(JsonElement value) => RecordedAnswer.Number(RecordedValue.Number(value));

    private static string Pair(JsonElement value) => RecordedAnswer.Numbers(RecordedValue.Number(value[0]), RecordedValue.Number(value[1]));

    private void Expect(string field, string seen, string predicted)
    {
        if (seen != predicted)
        {
            answer.Add(field, seen, predicted);
        }
    }
}
