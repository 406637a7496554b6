// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>Which memlist entry gives a TDMR's PAMT its node.</summary>
public enum PamtNode
{
    /// <summary>The first that ends after the TDMR begins.</summary>
    FirstEndingAfter,
    /// <summary>The first that ends where the TDMR begins, or after.</summary>
    FirstEndingAt,
    /// <summary>The first of the list.</summary>
    FirstEntry,
}

/// <summary>What is freed when a PAMT can't be allocated.</summary>
public enum PamtCleanup
{
    /// <summary>All before it.</summary>
    All,
    /// <summary>All before it but the last.</summary>
    AllButLast,
    /// <summary>Nothing.</summary>
    None,
}

/// <summary>tdmr_set_up_pamt(), one member a decision.</summary>
public sealed record PamtRules
{
    public static PamtRules Merged { get; } = new();

    /// <summary>entries * entry size is an int.</summary>
    public bool SizesAreInts { get; init; }

    /// <summary>The 1G table is not rounded up to a page.</summary>
    public bool Leaves1GUnrounded { get; init; }

    /// <summary>Page size by which entries of the 2M table are counted, in bytes.</summary>
    public ulong PageOf2M { get; init; } = Sizes.Page2M;

    /// <summary>The bases of the 2M and 1G tables are computed in the other order, their sizes are not.</summary>
    public bool Swaps2MAnd1G { get; init; }

    public PamtNode Node { get; init; }

    /// <summary>One page less is allocated than the tables take.</summary>
    public bool AllocatesOnePageLess { get; init; }

    /// <summary>The first table begins behind one entry.</summary>
    public bool SkipsFirstEntry { get; init; }

    /// <summary>What is freed when an allocation fails.</summary>
    public PamtCleanup Cleanup { get; init; }
}
