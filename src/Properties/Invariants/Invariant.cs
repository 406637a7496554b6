// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>How binding an invariant is.</summary>
public enum PropertyClass
{
    /// <summary>Must hold for any design.</summary>
    Safety,
    /// <summary>Callers rely on it.</summary>
    Contract,
    /// <summary>A choice of the merged code; whoever made the same choice is held to it.</summary>
    AsMerged,
}

/// <summary>What the numbers of a verdict count.</summary>
public enum Evidence
{
    /// <summary>Nothing: the range says it.</summary>
    None,
    /// <summary>A number of things.</summary>
    Count,
    /// <summary>An address or a number of bytes.</summary>
    Address,
    /// <summary>A result: 0, a negative errno, or a notifier's verdict.</summary>
    Result,
    /// <summary>A status word of the TDX module.</summary>
    Status,
    /// <summary>A leaf of SEAMCALL.</summary>
    Leaf,
}

/// <summary>What must hold.</summary>
/// <param name="Id">Family and number, as in SPECIFICATION.md.</param>
/// <param name="Sentence">What must hold.</param>
/// <param name="Source">Kernel function, module check or mail.</param>
/// <param name="Evidence">What a verdict's numbers count.</param>
public abstract record Property(string Id, string Sentence, PropertyClass Class, string Source, Evidence Evidence);

/// <summary>A property of one trace.</summary>
/// <param name="Id">Family and number, as in SPECIFICATION.md.</param>
/// <param name="Sentence">What must hold.</param>
/// <param name="Source">Kernel function, module check or mail.</param>
/// <param name="Evidence">What a verdict's numbers count.</param>
public record Invariant(
    string Id, string Sentence, PropertyClass Class, string Source, Evidence Evidence, Func<CaseFacts, Verdict> Judge)
    : Property(Id, Sentence, Class, Source, Evidence)
{
    /// <summary>The choices that an AS-MERGED invariant is about; none for the others.</summary>
    public MergedChoices About { get; init; }

    /// <summary>Only scenarios with steps on memory blocks can violate it.</summary>
    public bool NeedsBlocks { get; init; }

    /// <summary>What settles it together with others, or null.</summary>
    public FastCheck? SettledBy { get; init; }

    /// <summary>Judges a case; an AS-MERGED invariant leaves alone who chose otherwise.</summary>
    public Verdict On(CaseFacts facts) => (facts.Choices & About) == About ? Judge(facts) : Verdict.NotObservable;
}

/// <summary>An invariant about kernel code that really runs: its crash message says more than a number.</summary>
/// <inheritdoc/>
public sealed record KernelInvariant(
    string Id, string Sentence, PropertyClass Class, string Source, Evidence Evidence, Func<CaseFacts, Verdict> Judge)
    : Invariant(Id, Sentence, Class, Source, Evidence, Judge)
{
    /// <summary>Where one step follows another, only a kernel's own code can violate it, never the model.</summary>
    public bool NeedsKernel { get; init; } = true;

    public KernelDetail Shows { get; init; }
}

/// <summary>What a host can say of a violation besides the numbers.</summary>
public enum KernelDetail
{
    /// <summary>What kernel code said or touched before it crashed.</summary>
    Crash,
    /// <summary>Where it did what it must not.</summary>
    Misuse,
}
