// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>What happens to the first MiB.</summary>
public enum FirstMib
{
    /// <summary>Ranges are cut at 1 MiB.</summary>
    Clipped,
    /// <summary>It is taken into the list.</summary>
    Kept,
    /// <summary>A range that begins below 1 MiB is skipped whole.</summary>
    SkipsRange,
    /// <summary>A range that ends below 1 MiB ends the walk.</summary>
    EndsWalk,
}

/// <summary>What the list is built from.</summary>
public enum ListSource
{
    /// <summary>memblock as it is when TDX is enabled.</summary>
    Memblock,
    /// <summary>memblock as it was after boot.</summary>
    Boot,
    /// <summary>Memory blocks that are online when TDX is enabled.</summary>
    OnlineBlocks,
}

/// <summary>What a list that was built earlier is compared with when TDX is enabled; memory outside it is
/// -EINVAL.</summary>
public enum ListCheck
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>memblock as it is then: needs CONFIG_ARCH_KEEP_MEMBLOCK.</summary>
    Memblock,
    /// <summary>Memory blocks that are online then.</summary>
    OnlineBlocks,
}

/// <summary>build_tdx_memlist(), one member a decision.</summary>
public sealed record MemlistRules
{
    public static MemlistRules Merged { get; } = new();
    public FirstMib FirstMib { get; init; }

    /// <summary>The last page of every range is left out.</summary>
    public bool DropsLastPage { get; init; }

    public bool LosesNid { get; init; }

    /// <summary>list_add() instead of list_add_tail().</summary>
    public bool AddsAtHead { get; init; }

    /// <summary>What the list is built from.</summary>
    public ListSource Source { get; init; }

    public ListCheck Check { get; init; }

    /// <summary>A range of no pages behind the cut at 1 MiB is added.</summary>
    public bool KeepsEmpty { get; init; }

    /// <summary>Touching ranges become one entry, whatever their nodes.</summary>
    public bool JoinsTouching { get; init; }

    /// <summary>Entries stay when one can't be allocated.</summary>
    public bool KeepsPartialList { get; init; }
}
