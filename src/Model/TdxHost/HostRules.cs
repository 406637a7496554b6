// SPDX-License-Identifier: MIT

using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Numa;

namespace TdxVerify.Model.TdxHost;

/// <summary>Where the holes of a TDMR come from.</summary>
public enum HoleSource
{
    /// <summary>Gaps between tdx_memlist entries.</summary>
    Memlist,
    /// <summary>Gaps between CMRs: RAM and firmware memory inside one CMR need no reserved area between
    /// them.</summary>
    Cmrs,
}

/// <summary>How the host learns the CMRs.</summary>
public enum CmrReading
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>TDH.SYS.INFO, as the off-tree kernels up to 6.8 do.</summary>
    SysInfo,
    /// <summary>TDH.SYS.RD, field by field; empty slots at the end are trimmed.</summary>
    SysRd,
}

/// <summary>What the host reads of the module's metadata.</summary>
public enum MetadataReading
{
    /// <summary>The limits of TDMRs.</summary>
    Limits,
    /// <summary>Features in front of them, and behind them what TDs are made of.</summary>
    All,
    /// <summary>All, the version first, which is printed.</summary>
    AllAndVersion,
}

/// <summary>When PAMTs are converted back after a failure behind TDH.SYS.CONFIG.</summary>
public enum PamtReset
{
    Always,
    /// <summary>Only on CPUs with the partial-write erratum.</summary>
    OnErratum,
}

/// <summary>
/// Every decision in which kernels, patches, arguments and planted bugs differ, one member each; those about one
/// function are in a record of their own. A profile overrides one or two.
/// </summary>
public sealed record HostRules
{
    /// <summary>What 6.12 does.</summary>
    public static HostRules Merged { get; } = new();

    public HoleSource Holes { get; init; }
    public CmrReading CmrReading { get; init; }

    /// <summary>Every memlist entry must lie in one CMR, touching CMRs not joined; else -EINVAL.</summary>
    public bool RequiresSingleCmr { get; init; }

    /// <summary>Module information is read before the memlist is built, outside mem_hotplug_lock.</summary>
    public bool ReadsModuleFirst { get; init; }

    /// <summary>What is read of the module's metadata.</summary>
    public MetadataReading Metadata { get; init; }

    /// <summary>tdx_enable() is an initcall, which runs once a boot and needs no tdx_module_lock: memory that is added
    /// later is not in the list.</summary>
    public bool BuildsListDuringBoot { get; init; }

    /// <summary>The mainline release whose messages it prints.</summary>
    public Version Messages { get; init; } = new(6, 8);

    /// <summary>The module must report NO_RBP_MOD; else -EINVAL.</summary>
    public bool RequiresNoRbpMod { get; init; }

    public PamtReset Reset { get; init; }

    /// <summary>Where the module has it, the 4K PAMT is a bitmap of a bit a page, and TDH.SYS.CONFIG is told
    /// so.</summary>
    public bool DynamicPamt { get; init; }

    public BootRules Boot { get; init; } = BootRules.Merged;
    public MemblockRules Memblock { get; init; } = MemblockRules.Merged;

    /// <summary>build_tdx_memlist().</summary>
    public MemlistRules Memlist { get; init; } = MemlistRules.Merged;

    /// <summary>fill_out_tdmrs().</summary>
    public TdmrRules Tdmrs { get; init; } = TdmrRules.Merged;

    public PamtRules Pamts { get; init; } = PamtRules.Merged;
    public ReservedAreaRules Reserved { get; init; } = ReservedAreaRules.Merged;
    public SequenceRules Sequence { get; init; } = SequenceRules.Merged;

    /// <summary>The way out of a failure.</summary>
    public UnwindRules Unwind { get; init; } = UnwindRules.Merged;

    /// <summary>tdx_init().</summary>
    public GateRules Gates { get; init; } = GateRules.Merged;

    public HotplugRules Hotplug { get; init; } = HotplugRules.Merged;
    public NumaRules Numa { get; init; } = NumaRules.Merged;
    public NotifierRules Notifier { get; init; } = NotifierRules.Merged;

    /// <summary>Which of its decisions are those of the merged code.</summary>
    public MergedChoices MergedChoices =>
        (Tdmrs == TdmrRules.Merged ? MergedChoices.TdmrPerRange : 0)
        | (Pamts == PamtRules.Merged ? MergedChoices.OnePamtChunk : 0)
        | (Holes == HoleSource.Memlist && Memlist.Source == ListSource.Memblock ? MergedChoices.HolesFromMemlist : 0)
        | (Notifier == NotifierRules.Merged ? MergedChoices.OneEntryOnline : 0);
}
