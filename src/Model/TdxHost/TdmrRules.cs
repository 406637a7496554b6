// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>fill_out_tdmrs(), one member a decision.</summary>
public sealed record TdmrRules
{
    public static TdmrRules Merged { get; } = new();

    /// <summary>TDMR_ALIGNMENT in bytes.</summary>
    public ulong Alignment { get; init; } = Sizes.Page1G;

    public bool RoundsEndDown { get; init; }

    /// <summary>An entry that ends where the TDMR ends opens another one.</summary>
    public bool OpensAtSameEnd { get; init; }

    /// <summary>A new TDMR may begin inside the last one.</summary>
    public bool StartsInsideLast { get; init; }

    public LimitTest Limit { get; init; }

    /// <summary>nr_consumed_tdmrs is one too small.</summary>
    public bool ForgetsLast { get; init; }
}
