// SPDX-License-Identifier: MIT

namespace TdxVerify.Reporting;

/// <summary>How a line of a report is meant.</summary>
public enum Tone
{
    /// <summary>Said.</summary>
    Plain,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Something fails.</summary>
    Bad,

    /// <summary>Something to know.</summary>
    Note,
}

/// <summary>One line of a report.</summary>
/// <param name="Text">Without line end and without colour.</param>
/// <param name="Tone">How it is meant.</param>
public readonly record struct ReportLine(string Text, Tone Tone = Tone.Plain);
