// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Reporting;

/// <summary>An explanation as a person reads it.</summary>
public sealed class ExplainText
{
    private const int MaxRanges = 40;
    private const int MaxTdmrs = 64;
    private const int MaxLater = 20;

    private readonly List<ReportLine> _lines = [];
    private readonly Explanation _explanation;
    private readonly Prediction _prediction;

    private ExplainText(Explanation explanation)
    {
        _explanation = explanation;
        _prediction = explanation.Prediction;
    }

    public static IReadOnlyList<ReportLine> Write(Explanation explanation)
    {
        var text = new ExplainText(explanation);
        text.WriteVerdict();
        if (explanation.HasMemory)
        {
            text.WriteMemory();
            text.WriteTdmrs();
            text.WriteKernelLines();
        }

        text.WriteAgreement();
        text.WriteReason();
        text.WriteLater();
        text.WriteIncomplete();
        return text._lines;
    }

    private void WriteVerdict()
    {
        if (!_explanation.HasMemory)
        {
            Add(_explanation.Reason is null
                ? $"{_explanation.File}: TDX initialised, and the log does not say what memory the machine has"
                : $"{_explanation.File}: TDX failed, and the log does not say what memory the machine has",
                    _explanation.Reason is null ? Tone.Good : Tone.Bad);
            return;
        }

        if (_prediction.Unknown is not null)
        {
            Add($"{_explanation.File}: unknown", Tone.Note);
        }
        else if (_explanation.Completed.IsNotEnabled)
        {
            var memory = _prediction.Succeeds
                ? $"would pass, with {_prediction.PamtKb} KB of PAMT"
                : "would not pass either";
            Add($"{_explanation.File}: TDX is not enabled here; the memory {memory}", Tone.Bad);
        }
        else if (_explanation.FailsOnPlatform && _prediction.Succeeds)
        {
            Add($"{_explanation.File}: TDX failed before its memory mattered; the memory would pass, with "
                + $"{_prediction.PamtKb} KB of PAMT", Tone.Bad);
        }
        else if (_prediction.Succeeds)
        {
            Add($"{_explanation.File}: TDX initialises, {_prediction.PamtKb} KB of PAMT", Tone.Good);
        }
        else
        {
            Add($"{_explanation.File}: TDX fails to initialise ({_prediction.Errno}, {Errno.Name(_prediction.Errno)})",
                Tone.Bad);
        }

        if (_explanation.DamagedLines > 0)
        {
            Add($"  {_explanation.DamagedLines} lines are cut or malformed: the answer may be wrong (see the end)",
                Tone.Bad);
        }

        Add($"  kernel   {_prediction.Profile.Name}: {_prediction.Profile.Summary}; {_explanation.ProfileReason}");
        Add($"  module   TDX {_prediction.Module}: at most {_prediction.Limits.MaxTdmrs} TDMRs, "
            + $"{_prediction.Limits.MaxReservedPerTdmr} reserved areas in each; status "
                + $"{StatusWord(_prediction.Status)}");
    }

    private void WriteMemory()
    {
        Add("");
        Add("Boot memory", Tone.Heading);
        WriteRanges(_prediction.BootRanges);
        Add("TDX memory (tdx_memlist)", Tone.Heading);
        WriteRanges(_prediction.Memlist);
    }

    private void WriteRanges(IReadOnlyList<PfnRange> ranges)
    {
        foreach (var range in ranges.Take(MaxRanges))
            Add($"  node {range.Nid,3}  {range.Bytes,-34} {Amount(range.Bytes.Size),12}");

        if (ranges.Count > MaxRanges)
            Add($"  and {ranges.Count - MaxRanges} more (--json has all)", Tone.Note);

        Add($"  {ranges.Count} ranges, {Amount(RangeSet.TotalBytes(ranges.Select(static r => r.Bytes)))}");
    }

    private void WriteTdmrs()
    {
        Add("TDMRs", Tone.Heading);
        foreach (var tdmr in _prediction.Tdmrs.Take(MaxTdmrs))
        {
            var limit = _prediction.Limits.MaxReservedPerTdmr;
            Add(
                $"  {tdmr.Range,-34} reserved areas {tdmr.Used,2} of {limit}: {tdmr.Holes.Count} holes, "
                    + $"{tdmr.Pamts.Count} PAMTs; own PAMT {tdmr.PamtBytes / Sizes.Kib} KB",
                tdmr.Used > limit ? Tone.Bad : Tone.Plain);
        }

        var perNode = _prediction.Tdmrs.GroupBy(static t => t.PamtNid).OrderBy(static g => g.Key)
            .Select(static g =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"node {g.Key} {g.Aggregate(0UL, static (sum, t) => sum + t.PamtBytes) / Sizes.Kib} KB"));
        var part = _prediction.TdmrsNeeded > _prediction.Tdmrs.Count
            ? $" for the first {_prediction.Tdmrs.Count}"
            : "";
        Add($"  {_prediction.TdmrsNeeded} of {_prediction.Limits.MaxTdmrs} TDMRs, {_prediction.PamtKb} KB of "
            + $"PAMT{part} ({string.Join(", ", perNode)})");
        if (_prediction.Tdmrs.Count > 0)
        {
            var fullest = _prediction.Tdmrs.MaxBy(static t => t.Used)!;
            var isTdmrCount =
                _prediction.TdmrsNeeded * _prediction.Limits.MaxReservedPerTdmr
                > fullest.Used * _prediction.Limits.MaxTdmrs;
            Add(isTdmrCount
                ? $"  closest to a limit: {_prediction.TdmrsNeeded} of {_prediction.Limits.MaxTdmrs} TDMRs"
                : $"  closest to a limit: TDMR {fullest.Range} with {fullest.Used} of "
                    + $"{_prediction.Limits.MaxReservedPerTdmr} reserved areas");
        }
    }

    private void WriteKernelLines()
    {
        var isSeen = _explanation.Completed.Scenario.Observed.Outcome != ObservedOutcome.NotSeen;
        Add(isSeen && !(_explanation.FailsOnPlatform && _prediction.Succeeds)
            ? "The kernel says"
            : "The kernel would say", Tone.Heading);
        foreach (var line in _prediction.Lines)
        {
            var level = line.Log.Line.Level();
            Add("  " + line.Log.Print(_prediction.Profile.Policy.Messages), level == LogLevel.Info
                ? Tone.Plain
                : Tone.Bad);
        }
    }

    private void WriteAgreement()
    {
        LogCheck?[] all = [_explanation.Boot, _explanation.Pamt, _explanation.Outcome];
        foreach (var agreement in all.OfType<LogCheck>())
        {
            Add(agreement.Agrees
                ? $"  the log agrees: {agreement.What}"
                : $"  the log disagrees: {agreement.What}: log {agreement.Expected}, predicted {agreement.Got}",
                    agreement.Agrees ? Tone.Good : Tone.Bad);
        }
    }

    private void WriteReason()
    {
        if (_explanation.Reason is not { } reason)
            return;

        Add("Why", Tone.Heading);
        Add("  " + reason, Tone.Bad);
        if (_prediction.Find(KernelLine.ReservedAreasExhausted) is { } areas && _explanation.HasMemory)
        {
            var tdmr = _prediction.Tdmrs.First(t => t.Range.Start == areas.Log.First);
            foreach (
                var line in AddressPicture.Draw(
                    tdmr.Range, tdmr.Holes, tdmr.Pamts, _prediction.Limits.MaxReservedPerTdmr))
            {
                Add("  " + line);
            }

            Add("  # memory   . hole   P PAMT   ^ reserved area beyond the limit (not to scale)", Tone.Note);
        }

        if (_explanation.Remedies.Count > 0)
            Add(_explanation.HasMemory ? "What would help (tried on the model)" : "What would help", Tone.Heading);

        foreach (var remedy in _explanation.Remedies)
            Add("  - " + remedy.Text, Tone.Good);
    }

    private void WriteLater()
    {
        if (_explanation.Later.Count == 0)
            return;

        Add("Can never go online while TDX is on", Tone.Heading);
        foreach (var later in _explanation.Later.Take(MaxLater))
            Add($"  {later.Range,-34} {Amount(later.Range.Size),12}  {later.Name}");

        if (_explanation.Later.Count > MaxLater)
            Add($"  and {_explanation.Later.Count - MaxLater} more", Tone.Note);
    }

    private void WriteIncomplete()
    {
        if (_explanation.Incomplete.Count == 0)
            return;

        Add("Missing, assumed or damaged", Tone.Heading);
        foreach (var gap in _explanation.Incomplete)
            Add("  " + gap, Tone.Note);
    }

    private static string StatusWord(TdxModuleStatus status) => status switch
    {
        TdxModuleStatus.Initialized => "initialized",
        TdxModuleStatus.Error => "error",
        _ => "uninitialized",
    };

    private static string Amount(ulong bytes) => bytes >= 10 * Sizes.Mib
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Sizes.Mib} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / Sizes.Kib} KB");

    private void Add(string text, Tone tone = Tone.Plain) => _lines.Add(new ReportLine(text, tone));
}
