// SPDX-License-Identifier: MIT

namespace TdxVerify.Reporting;

/// <summary>How a line of a report is meant.</summary>
public enum Tone
{
    Plain,
    Heading,
    Good,
    Bad,
    Note,
}

/// <summary>One line of a report, without line end and without colour.</summary>
public readonly record struct ReportLine(string Text, Tone Tone = Tone.Plain);
