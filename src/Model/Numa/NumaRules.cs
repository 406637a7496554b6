// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Numa;

/// <summary>What becomes of a guest whose memory policy names nodes that can't serve it.</summary>
public enum PolicyTreatment
{
    /// <summary>Nothing: a page comes from any node of the policy.</summary>
    None,
    /// <summary>The kernel leaves such nodes out without a word; when none is left it takes the others.</summary>
    Narrows,
    /// <summary>The policy stays; where no node of it can serve, a page is -ENOMEM.</summary>
    NoMemory,
    /// <summary>-EINVAL and a message, when the policy is set by who knows of TDX, else when the guest asks for a
    /// page.</summary>
    Refuses,
}

/// <summary>Memory policies of guests, one member a decision.</summary>
public sealed record NumaRules
{
    /// <summary>The merged code: all memory that is online is TDX memory, so that there is nothing to treat.</summary>
    public static NumaRules Merged { get; } = new();

    /// <summary>What becomes of nodes that can't serve.</summary>
    public PolicyTreatment Treatment { get; init; }

    /// <summary>A node some of whose memory is TDX memory counts as capable.</summary>
    public bool CountsHalfNodes { get; init; }
}
