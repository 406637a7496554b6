// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Seamcall;

/// <summary>Levels of the physical address metadata table, numbered as in status words and in enum pg_level of
/// tdx.h.</summary>
public enum PamtLevel
{
    /// <summary>An entry a 4 KiB page (a bit, with Dynamic PAMT).</summary>
    Level4K = 0,
    /// <summary>An entry a 2 MiB page.</summary>
    Level2M = 1,
    /// <summary>An entry a 1 GiB page.</summary>
    Level1G = 2,
}

/// <summary>Sizes of the levels.</summary>
public static class PamtLevels
{
    /// <summary>Number of levels.</summary>
    public const int Count = 3;

    /// <summary>Bytes of a page of the level.</summary>
    public static ulong PageSize(this PamtLevel level) => level switch
    {
        PamtLevel.Level4K => Sizes.Page4K,
        PamtLevel.Level2M => Sizes.Page2M,
        _ => Sizes.Page1G,
    };
}
