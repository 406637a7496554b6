// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>What is_tdx_memory() accepts.</summary>
public enum NotifierTest
{
    /// <summary>What lies in one entry.</summary>
    InOneEntry,
    /// <summary>What overlaps an entry.</summary>
    Overlaps,
    /// <summary>Anything: the notifier waits for MEM_ONLINE, which is too late.</summary>
    Anything,
    /// <summary>nr_pages is taken for the end.</summary>
    CountAsEnd,
    /// <summary>What ends before an entry ends.</summary>
    EndsBelow,
    /// <summary>What begins in an entry.</summary>
    StartsIn,
    /// <summary>What entries that touch each other hold together.</summary>
    InUnion,
}

/// <summary>tdx_memory_notifier(), one member a decision.</summary>
public sealed record NotifierRules
{
    public static NotifierRules Merged { get; } = new();
    public NotifierTest Test { get; init; }
    public bool EmptyListRejects { get; init; }
}
