// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Reporting;

/// <summary>An explanation as one JSON object on one line. Addresses are hex strings, ranges half open.</summary>
public static class ExplainJson
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Explanation explanation)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("file", explanation.File);
            WriteChoices(json, explanation);
            WriteBoot(json, explanation);
            WriteRanges(json, "memlist", explanation.Prediction.Memlist);
            WriteTdmrs(json, explanation.Prediction);
            WriteOutcome(json, explanation);
            WriteRemedies(json, explanation);
            WriteLater(json, explanation);
            WriteStrings(json, "incomplete", explanation.Incomplete);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteChoices(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteString("profile", explanation.Prediction.Profile.Name);
        json.WriteString("module", explanation.Prediction.Module.ToString());
        json.WriteString(
            "memorySource", JsonNamingPolicy.CamelCase.ConvertName(explanation.Completed.Source.ToString()));
    }

    private static void WriteBoot(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject("boot");
        WriteRanges(json, "ranges", explanation.Prediction.BootRanges);
        WriteVerdict(json, "agrees", explanation.Boot);
        json.WriteEndObject();
    }

    private static void WriteTdmrs(Utf8JsonWriter json, Prediction prediction)
    {
        json.WriteStartArray("tdmrs");
        foreach (var tdmr in prediction.Tdmrs)
        {
            json.WriteStartObject();
            json.WriteString("base", Hex(tdmr.Range.Start));
            json.WriteString("size", Hex(tdmr.Range.Size));
            json.WriteNumber("pamtKb", tdmr.PamtBytes / Sizes.Kib);
            json.WriteNumber("pamtNid", tdmr.PamtNid);
            json.WriteStartObject("reserved");
            json.WriteNumber("used", tdmr.Used);
            json.WriteNumber("limit", prediction.Limits.MaxReservedPerTdmr);
            json.WriteNumber("holes", tdmr.Holes.Count);
            json.WriteNumber("pamts", tdmr.Pamts.Count);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("tdmrsNeeded", prediction.TdmrsNeeded);
        json.WriteNumber("tdmrLimit", prediction.Limits.MaxTdmrs);
        json.WriteNumber("pamtKb", prediction.PamtKb);
    }

    private static void WriteOutcome(Utf8JsonWriter json, Explanation explanation)
    {
        var prediction = explanation.Prediction;
        json.WriteStartObject("outcome");
        if (explanation.HasMemory && prediction.Unknown is null)
        {
            json.WriteNumber("errno", explanation.Errno);
            var isPlatform = explanation.FailsOnPlatform && prediction.Succeeds;
            json.WriteString(
                "status",
                JsonNamingPolicy.CamelCase.ConvertName(
                    (isPlatform ? TdxModuleStatus.Uninitialized : prediction.Status).ToString()));
            var shown = explanation.Completed.Scenario.Observed.Reason?.Text;
            json.WriteString("message", isPlatform ? shown ?? explanation.Reason : Message(prediction));
        }
        else
        {
            json.WriteNull("errno");
            json.WriteNull("status");
            json.WriteNull("message");
        }

        WriteStrings(json, "log", prediction.Lines.Select(l => l.Log.Print(prediction.Profile.Policy.Messages)));
        json.WriteBoolean("fails", explanation.Fails);
        json.WriteString("reason", explanation.Reason);
        WriteVerdict(json, "agrees", explanation.Outcome);
        WriteVerdict(json, "pamtAgrees", explanation.Pamt);
        json.WriteEndObject();
    }

    /// <summary>The line that tells most: the reason of a failure, else the last line.</summary>
    private static string Message(Prediction prediction)
    {
        KernelLine[] reasons =
        [
            KernelLine.ReservedAreasExhausted, KernelLine.TdmrsExhausted, KernelLine.MemoryNotInCmr,
            KernelLine.SeamcallFailed, KernelLine.ModuleNotLoaded, KernelLine.NoRbpModMissing,
        ];
        foreach (var reason in reasons)
        {
            if (!prediction.Succeeds && prediction.Find(reason) is { } line)
                return line.Log.Print(prediction.Profile.Policy.Messages);
        }

        return prediction.Lines.Count > 0 ? prediction.Lines[^1].Log.Print(prediction.Profile.Policy.Messages) : "";
    }

    private static void WriteRemedies(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartArray("remedies");
        foreach (var remedy in explanation.Remedies)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(remedy.Kind.ToString()));
            json.WriteString("text", remedy.Text);
            json.WriteString("parameter", remedy.Parameter);
            json.WriteNumber("givenUpBytes", remedy.GivenUpBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLater(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartArray("neverOnline");
        foreach (var later in explanation.Later)
        {
            json.WriteStartObject();
            json.WriteString("start", Hex(later.Range.Start));
            json.WriteString("end", Hex(later.Range.End));
            json.WriteString("name", later.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRanges(Utf8JsonWriter json, string name, IReadOnlyList<PfnRange> ranges)
    {
        json.WriteStartArray(name);
        foreach (var range in ranges)
        {
            json.WriteStartObject();
            json.WriteString("start", Hex(range.Bytes.Start));
            json.WriteString("end", Hex(range.Bytes.End));
            json.WriteNumber("nid", range.Nid);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);

        json.WriteEndArray();
    }

    private static void WriteVerdict(Utf8JsonWriter json, string name, LogCheck? agreement)
    {
        if (agreement is null)
            json.WriteNull(name);
        else
            json.WriteBoolean(name, agreement.Agrees);
    }

    private static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
}
