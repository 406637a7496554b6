// SPDX-License-Identifier: MIT

using TdxVerify.Mutation;
using TdxVerify.Mutation.Kills;
using TdxVerify.Mutation.KillTables;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;

namespace TdxVerify.Tests.Unit.Reporting;

public sealed class KillTableMarkdownTests
{
    private static readonly KillColumn Mixed = new("mixed", Strategy.Mixed, null);
    private static readonly KillColumn Other = new("other", Strategy.Uniform, null);

    /// <summary>
    /// <code>
    ///            mixed                 other
    /// one        0.1 s 10, 0.3 s 30    0.4 s 80, -
    /// two        0.2 s 20, 0.2 s 20    1 s 40, 3 s 120
    /// three      -, -                  -, -
    /// </code>
    /// </summary>
    private static readonly KillRow[] Rows =
    [
        Row("one", [(0.1, 10), (0.3, 30)], [(0.4, 80), (0, 0)]),
        Row("two", [(0.2, 20), (0.2, 20)], [(1, 40), (3, 120)]),
        Row("three", [(0, 0), (0, 0)], [(0, 0), (0, 0)]),
    ];

    [Fact]
    public void ARowSaysHowOftenItWasKilledAndWhen() => Assert.Equal(
        [
            "| mutant | mixed | other |",
            "| --- | --- | --- |",
            "| one | 2/2 0.20 s (0.10-0.30), 20 cases | 1/2 0.40 s (0.40-0.40), 80 cases |",
            "| two | 2/2 0.20 s (0.20-0.20), 20 cases | 2/2 2.00 s (1.00-3.00), 80 cases |",
            "| three | - | - |",
        ],
        Texts(KillTableMarkdown.Head([Mixed, Other]).Concat(Rows.Select(KillTableMarkdown.Row))));

    [Fact]
    public void SumsStandBelowTheRows() => Assert.Equal(
        [
            "",
            "|  | mixed | other |",
            "| --- | --- | --- |",
            "| killed in every trial | 2 of 3 | 1 of 3 |",
            "| killed in no trial | 1 | 1 |",
            "| median of the median seconds | 0.20 | 1.20 |",
            "| median of the median cases | 20 | 80 |",
            "| cases, times those of mixed | 1.0 (of 2) | 4.0 (of 1) |",
        ],
        Texts(KillTableMarkdown.Sum([Mixed, Other], Rows)));

    [Fact]
    public void WhatKillsNothingHasNoMedian() => Assert.Equal(
        ["| median of the median seconds | - | - |", "| median of the median cases | - | - |", "| cases, times those of mixed | - | - |"],
        Texts(KillTableMarkdown.Sum([Mixed, Other], [Rows[2]])).TakeLast(3));

    private static IEnumerable<string> Texts(IEnumerable<ReportLine> lines) => lines.Select(static l => l.Text);

    private static KillRow Row(string name, (double Seconds, ulong Cases)[] mixed, (double Seconds, ulong Cases)[] other) => new(
        new Mutant(name, new SourceEdit("tdx.c", 0, 0, ""), "f", "drop", 1, "", ""), [Cell(Mixed, mixed), Cell(Other, other)]);

    private static KillCell Cell(KillColumn column, (double Seconds, ulong Cases)[] kills) => new(
        column, kills.Length, [.. kills.Select(static k => new Kill(k.Cases > 0 ? "T1" : null, [], k.Cases, k.Seconds))]);
}
