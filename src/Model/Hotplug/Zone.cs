// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>struct zone: the page frames that one zone of one node spans, holes included.</summary>
public sealed class Zone(int nid, ZoneKind kind)
{
    /// <summary>Zones of a node.</summary>
    public const int Kinds = 4;

    private static readonly string[] Names = ["DMA", "DMA32", "Normal", "Movable"];

    public int Nid => nid;
    public ZoneKind Kind => kind;

    /// <summary>zone_start_pfn; 0 when it is empty.</summary>
    public ulong Start { get; set; }

    public ulong Spanned { get; set; }
    public ulong Present { get; set; }

    /// <summary>present_early_pages: those of memory that was there at boot.</summary>
    public ulong PresentEarly { get; set; }

    /// <summary>zone_end_pfn().</summary>
    public ulong End => Start + Spanned;

    /// <summary>zone_is_empty().</summary>
    public bool IsEmpty => Spanned == 0;

    /// <summary>populated_zone().</summary>
    public bool IsPopulated => Present != 0;

    /// <summary>The kernel's name: "DMA32".</summary>
    public string Name => NameOf(kind);

    /// <summary>The kernel's name of a kind.</summary>
    public static string NameOf(ZoneKind kind) => Names[(int)kind];

    /// <summary>zone_intersects() with page frames [start, start+pages).</summary>
    public bool Intersects(ulong start, ulong pages) => !IsEmpty && start < End && start + pages > Start;

    /// <summary>resize_zone_range(): spans page frames [start, start+pages) too.</summary>
    public void Extend(ulong start, ulong pages)
    {
        var end = End;
        if (IsEmpty || start < Start)
            Start = start;

        Spanned = Math.Max(start + pages, end) - Start;
    }

    /// <summary>Spans page frames [start, end), or nothing.</summary>
    public void Span(ulong start, ulong end)
    {
        Spanned = end - start;
        Start = Spanned == 0 ? 0 : start;
    }

    public void Clear() => Start = Spanned = Present = PresentEarly = 0;
}
