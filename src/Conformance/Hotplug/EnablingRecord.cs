// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>What the record of an enabling gives and what it answers, whether a step made it or the boot; PAMTs lie
/// where they lay.</summary>
internal sealed class EnablingRecord(JsonElement recorded, RecordedHost host, RecordedAnswer answer)
{
    /// <summary>Where PAMTs may have lain when the record doesn't show it.</summary>
    private static readonly PamtPlacement[] Places =
        [PamtPlacement.FirstFit, PamtPlacement.Outside, PamtPlacement.BottomUp, PamtPlacement.TopDown];

    private readonly JsonElement _tdmrs = recorded.GetProperty("tdmrs");

    public JsonElement Parameters { get; } = recorded.GetProperty("params");

    /// <summary>What the page allocator may have decided: where PAMTs lay, or at the end that there was no
    /// room.</summary>
    public int Decisions =>
        PlaceCount + (recorded.GetProperty("result").GetString() == Errno.Name(-Errno.Enomem)[1..] ? 1 : 0);

    private int PlaceCount => AreTdmrsKnown ? 1 : Places.Length;
    private bool AreTdmrsKnown => _tdmrs.ValueKind == JsonValueKind.Array && _tdmrs.GetArrayLength() > 0;

    public ModuleLimits Limits
    {
        get
        {
            var entry = (ushort)RecordedValue.Int(Parameters, "pamt_entry", 16);
            return new ModuleLimits(
                (ushort)RecordedValue.Int(Parameters, "max_tdmrs", 64),
                (ushort)RecordedValue.Int(Parameters, "max_rsvd", 16),
                entry,
                (ushort)RecordedValue.Int(Parameters, "pamt_2m", entry),
                (ushort)RecordedValue.Int(Parameters, "pamt_1g", entry));
        }
    }

    /// <summary>Puts PAMTs where they lay, or into one of the places they may have had.</summary>
    public void Place(int decision)
    {
        host.Faults.FailingContig = decision == PlaceCount ? 1 : 0;
        var place = decision % PlaceCount;
        host.Choices.Placement = AreTdmrsKnown ? PamtPlacement.Recorded : Places[place];
        host.Choices.RecordedPamts.Clear();
        if (AreTdmrsKnown)
        {
            host.Choices.RecordedPamts.AddRange(
                _tdmrs.EnumerateArray()
                    .Select(static t => (ulong?)Pages.PfnDown(RecordedValue.Number(t.GetProperty("pamt_4k")[0]))));
        }
    }

    /// <summary>Holds result, list, TDMRs and KeyID against what the model has now.</summary>
    public void Compare(int result)
    {
        Expect("result", recorded.GetProperty("result").GetString() ?? "", result == 0
            ? "OK"
            : Errno.Name(result)[1..]);
        answer.Compare(
            recorded, "memlist_pfn",
            RecordedAnswer.List(
                host.Memlist.ToArray()
                    .Select(static e => RecordedAnswer.Numbers(e.Start, e.End, unchecked((ulong)e.Nid)))));
        if (_tdmrs.ValueKind == JsonValueKind.Array)
            CompareTdmrs();

        // Who plays the module notes the KeyID when it takes TDMRs; when it was told to refuse them, it may have noted
        // it all the same.
        if (recorded.TryGetProperty("keyid", out var keyId) && keyId.ValueKind != JsonValueKind.Null)
        {
            var isNoted = AreTdmrsKnown
                || (_tdmrs.ValueKind == JsonValueKind.Null && RecordedValue.Number(keyId) != 0);
            answer.Compare(recorded, "keyid", RecordedAnswer.Number(isNoted ? host.GlobalKeyId : 0));
        }
    }

    private void CompareTdmrs()
    {
        var table = host.Trace.Configured;
        var isConfigured = host.Trace.SeamcallsOf(SeamcallLeaf.SysConfig) > 0;
        var predicted = isConfigured ? RecordedAnswer.List(table.Tdmrs.ToArray().Select(t => Tdmr(table, t))) : "[]";
        var seen = RecordedAnswer.List(_tdmrs.EnumerateArray().Select(static t => RecordedAnswer.List(
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
        RecordedAnswer.List(
            table.Reserved(tdmr).ToArray().Select(static a => RecordedAnswer.Numbers(a.Offset, a.Size))),
    ]);

    private static string Pamt(PamtView pamt) => RecordedAnswer.Numbers(pamt.Base, pamt.Size);
    private static string Number(JsonElement value) => RecordedAnswer.Number(RecordedValue.Number(value));
    private static string Pair(JsonElement value) =>
        RecordedAnswer.Numbers(RecordedValue.Number(value[0]), RecordedValue.Number(value[1]));

    private void Expect(string field, string seen, string predicted)
    {
        if (seen != predicted)
            answer.Add(field, seen, predicted);
    }
}
