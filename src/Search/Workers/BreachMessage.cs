// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Search.Workers;

/// <summary>A breach in plain words and numbers.</summary>
internal sealed record BreachMessage(
    ulong Case, string Id, string? Known, ulong Start, ulong End, ulong Expected, ulong Got, int Step, string? Detail, IReadOnlyList<string> Also, IReadOnlyList<string> Trace)
{
    /// <summary>A breach as a message.</summary>
    public static BreachMessage Of(in FoundBreach found)
    {
        var (statement, verdict, known, detail) = found.Breach;
        return new BreachMessage(
            found.Case, statement.Id, known?.Name, verdict.Range.Start, verdict.Range.End, verdict.Expected, verdict.Got, verdict.Step, detail, found.Also, found.Trace);
    }

    /// <summary>The message as a breach.</summary>
    public FoundBreach ToFound()
    {
        var verdict = new Verdict(VerdictKind.Broken, new AddressRange(Start, End), Expected, Got, Step);
        var breach = new Breach(Search.PropertyCatalog.Find(Id)!, verdict, KnownIssueCatalog.All.FirstOrDefault(k => k.Name == Known && k.Invariant == Id), Detail);
        return new FoundBreach(Case, breach, Also) { Trace = Trace };
    }
}
