// SPDX-License-Identifier: MIT

namespace TdxVerify.Model;

/// <summary>
/// Every decision in which kernels that people run, and designs that people argued about, differ; each with the
/// release or the mail that has it. A value that is not named is mainline 6.12's. Faults are no decisions.
/// </summary>
public sealed record KernelPolicy
{
    /// <summary>Mainline 6.12.</summary>
    public static KernelPolicy Merged { get; } = new();

    /// <summary>The mainline release whose messages are printed: 6.8 to 7.0, or from 7.1 on.</summary>
    public Version Messages { get; init; } = new(6, 8);

    // From firmware's map to memblock.

    /// <summary>numa_cleanup_meminfo() clips nodes to [0, max_pfn) instead of to DRAM: before 6.12, and seen only with
    /// numa=fake.</summary>
    public bool NodesStartAtZero { get; init; }

    /// <summary>A memory map of one entry counts (7.0, here from 7.1 on); before, append_e820_table() refuses it.
    /// Decides which machines are generated; a boot takes what it is given.</summary>
    public bool TakesOneEntryMap { get; init; }

    /// <summary>numa_add_memblk() answers -EINVAL for a node that can't be, which ends the SRAT (7.3); before, the
    /// entry is ignored.</summary>
    public bool RejectsBadNode { get; init; }

    /// <summary>Arrays of regions are reserved as MEMBLOCK_RSRV_KERN, which joins no other reservation, and who adds
    /// memory without flags where some has flags is not warned (in 7.1, not in 6.12).</summary>
    public bool MarksReservations { get; init; }

    /// <summary>kho_extend_scratch(): after a kexec that hands memory over, every GiB without such memory is
    /// KHO_SCRATCH for good (7.3). Decides which machines are generated: the marks are calls of memblock.</summary>
    public bool ExtendsKhoScratch { get; init; }

    /// <summary>Once boot is over no memory is KHO_SCRATCH any more (a cure for 7.3).</summary>
    public bool ClearsKhoScratch { get; init; }

    // What is read of the module.

    /// <summary>Module information is read before the memlist is built, outside mem_hotplug_lock (6.13).</summary>
    public bool ReadsModuleFirst { get; init; }

    /// <summary>What is read: limits alone to 6.12, all from 6.13 on, the version too from 7.1 on.</summary>
    public MetadataReading Metadata { get; init; }

    /// <summary>The module must report NO_RBP_MOD; else -EINVAL (6.13).</summary>
    public bool RequiresNoRbpMod { get; init; }

    /// <summary>How CMRs are read: not at all; by patch v8.2 of 2024-12-09; by Ubuntu's -intel kernels.</summary>
    public CmrReading CmrReading { get; init; }

    // The list of TDX-usable memory.

    /// <summary>tdx_enable() is an initcall, which runs once a boot and needs no tdx_module_lock: memory that is added
    /// later is not in the list (7.1).</summary>
    public bool BuildsListDuringBoot { get; init; }

    /// <summary>What the list is built from: memblock when TDX is first used; memblock after boot (review of v12,
    /// 2023-07-11); memory blocks that are online (mail: a snapshot of what the page allocator has).</summary>
    public ListSource Source { get; init; }

    /// <summary>What a list of boot is compared with (the same review).</summary>
    public ListCheck Check { get; init; }

    /// <summary>Ranges of one node that touch are one entry, whatever their flags: what a kexec handover or
    /// kernelcore=mirror cuts is joined again (a cure for 7.3).</summary>
    public bool JoinsFlags { get; init; }

    /// <summary>Every entry must lie in one CMR, touching CMRs not joined; else -EINVAL (patch v8.2).</summary>
    public bool RequiresSingleCmr { get; init; }

    // Calls of the module, and its update.

    /// <summary>Every status that the module or P-SEAMLDR means to be repeated is met ten times in a row, not
    /// TDX_RND_NO_ENTROPY alone (a cure for all releases).</summary>
    public bool RepeatsTransients { get; init; }

    /// <summary>With a CPU offline an update is -EBUSY (patches v2 to v4 of the series; 7.2 has it not).</summary>
    public bool UpdatesWithAllCpusOnly { get; init; }

    // TDMRs.

    /// <summary>Where holes come from: the list; CMRs (patch v8.2, Ubuntu's -intel kernels).</summary>
    public HoleSource Holes { get; init; }

    /// <summary>Where the module has it, the 4K PAMT is a bitmap of a bit a page, and TDH.SYS.CONFIG is told so (the
    /// Dynamic PAMT series, 2025-2026).</summary>
    public bool DynamicPamt { get; init; }

    /// <summary>When PAMTs are converted back behind a failure: always to 6.12, only on CPUs with the partial-write
    /// erratum from 6.13 on.</summary>
    public PamtReset Reset { get; init; }

    // What may come online.

    /// <summary>What is_tdx_memory() accepts: one entry holds it; entries that touch do (mail: adjacent entries);
    /// anything (mail: TDX-capable and other nodes together).</summary>
    public OnlineTest OnlineTest { get; init; }

    /// <summary>While TDX is on, memory that is not in its list can't even be added: -EPERM (mail: reject at
    /// add_memory()).</summary>
    public bool ChecksAdditions { get; init; }

    /// <summary>What becomes of a guest whose memory policy names nodes that can't serve it (mail: TDX-capable and
    /// other nodes together).</summary>
    public PolicyTreatment GuestPolicies { get; init; }

    /// <summary>guest_memfd has a memory policy of its own (in 7.1, not in 6.12); before, a private page follows the
    /// task that faults it in (kvm_gmem_get_folio()).</summary>
    public bool GuestMemfdHasPolicy { get; init; }

    // Memory hotplug around TDX.

    /// <summary>A block of boot is linked to a node by the regions of memblock in it (in 7.1, not in 6.12); before, by
    /// what its struct pages say, holes included.</summary>
    public bool LinksBlocksByRegion { get; init; }

    /// <summary>A chain of its own is told when a node gets its first memory or loses its last (in 7.1, not in
    /// 6.12).</summary>
    public bool NotifiesNodes { get; init; }

    /// <summary>MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE are gone (in 7.1, not in 6.12).</summary>
    public bool HasSixActions { get; init; }

    /// <summary>With kernelcore=mirror the zones of a node end where its ZONE_MOVABLE begins, as with every other
    /// option (7.3); before, both span the rest.</summary>
    public bool EndsZonesAtMovable { get; init; }

    /// <summary>offline_and_remove_memory() succeeds once all blocks are offline, whatever becomes of their removal
    /// (7.3); before, they come online again.</summary>
    public bool IgnoresFailedRemoval { get; init; }

    /// <summary>Which of its decisions are those of the merged code.</summary>
    public MergedChoices MergedChoices => MergedChoices.TdmrPerRange | MergedChoices.OnePamtChunk
        | MergedChoices.Errnos | MergedChoices.LogLines | MergedChoices.TenTries
        | (Holes == HoleSource.Memlist && Source == ListSource.Memblock ? MergedChoices.HolesFromMemlist : 0)
        | (Source == ListSource.OnlineBlocks || JoinsFlags ? 0 : MergedChoices.EntryPerRegion)
        | (OnlineTest == OnlineTest.InOneEntry ? MergedChoices.OneEntryOnline : 0);
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

/// <summary>How the host learns the CMRs.</summary>
public enum CmrReading
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>TDH.SYS.INFO.</summary>
    SysInfo,
    /// <summary>TDH.SYS.RD, field by field; empty slots at the end are trimmed.</summary>
    SysRd,
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
    None,
    /// <summary>memblock as it is then: needs CONFIG_ARCH_KEEP_MEMBLOCK.</summary>
    Memblock,
    /// <summary>Memory blocks that are online then.</summary>
    OnlineBlocks,
}

/// <summary>Where the holes of a TDMR come from.</summary>
public enum HoleSource
{
    /// <summary>Gaps between tdx_memlist entries.</summary>
    Memlist,
    /// <summary>Gaps between CMRs: RAM and firmware memory inside one CMR need no reserved area between
    /// them.</summary>
    Cmrs,
}

/// <summary>When PAMTs are converted back after a failure behind TDH.SYS.CONFIG.</summary>
public enum PamtReset
{
    Always,
    /// <summary>Only on CPUs with the partial-write erratum.</summary>
    OnErratum,
}

/// <summary>What is_tdx_memory() accepts.</summary>
public enum OnlineTest
{
    /// <summary>What lies in one entry.</summary>
    InOneEntry,
    /// <summary>What entries that touch each other hold together.</summary>
    InUnion,
    Anything,
}

/// <summary>What becomes of a guest whose memory policy names nodes that can't serve it.</summary>
public enum PolicyTreatment
{
    /// <summary>Nothing: a page comes from any node of the policy.</summary>
    None,
    /// <summary>The kernel leaves such nodes out without a word; when none is left KVM refuses the guest, -EINVAL and
    /// a message.</summary>
    Narrows,
    /// <summary>The policy stays; where no node of it can serve, a page is -ENOMEM.</summary>
    NoMemory,
    /// <summary>-EINVAL and a message, when the policy is set by who knows of TDX, else when the guest asks for a
    /// page.</summary>
    Refuses,
}
