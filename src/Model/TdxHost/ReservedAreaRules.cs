// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>Which PAMTs a TDMR leaves out.</summary>
public enum PamtScope
{
    /// <summary>Those of all TDMRs.</summary>
    All,
    /// <summary>Not its own.</summary>
    Others,
    /// <summary>Its own and those of earlier TDMRs.</summary>
    UpToOwn,
}

/// <summary>tdmr_populate_rsvd_holes() and tdmr_populate_rsvd_pamts(), one member a decision.</summary>
public sealed record ReservedAreaRules
{
    public static ReservedAreaRules Merged { get; } = new();

    /// <summary>The test against max_reserved_per_tdmr.</summary>
    public LimitTest Limit { get; init; }

    public bool OffsetsAreAbsolute { get; init; }

    /// <summary>Areas need not be whole pages.</summary>
    public bool TakesAnyBytes { get; init; }

    public bool LeavesUnsorted { get; init; }

    /// <summary>Sorted by insertion instead of a heap: no difference.</summary>
    public bool SortsByInsertion { get; init; }

    /// <summary>A hole of no bytes between touching entries is added.</summary>
    public bool AddsEmptyHoles { get; init; }

    /// <summary>A hole of no bytes at the end is added.</summary>
    public bool AddsEmptyTail { get; init; }

    /// <summary>The hole before the first entry is forgotten.</summary>
    public bool ForgetsHead { get; init; }

    /// <summary>The hole behind the last entry is forgotten.</summary>
    public bool ForgetsTail { get; init; }

    /// <summary>The walk goes on behind the TDMR's end.</summary>
    public bool WalksPastEnd { get; init; }

    /// <summary>An entry that begins where the TDMR ends is still looked at: no difference.</summary>
    public bool LooksAtNext { get; init; }

    /// <summary>An entry that ends where the TDMR begins is skipped: no difference.</summary>
    public bool SkipsTouching { get; init; }

    /// <summary>The covered end never goes back: no difference for an ascending list.</summary>
    public bool TakesHighestEnd { get; init; }

    /// <summary>Empty CMR slots count as memory at their address (holes from CMRs).</summary>
    public bool KeepsEmptyCmrs { get; init; }

    /// <summary>Only the 4K table is left out.</summary>
    public bool OnlyPamt4K { get; init; }

    public PamtScope Pamts { get; init; }

    /// <summary>A PAMT that reaches over the TDMR's edge is not cut.</summary>
    public bool LeavesUnclipped { get; init; }

    /// <summary>A PAMT that touches the TDMR counts as overlapping.</summary>
    public bool CountsTouchingPamts { get; init; }
}
