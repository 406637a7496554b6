// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>How PAMTs are placed.</summary>
public enum PamtPlacement
{
    /// <summary>The page allocator's rule: low end of the node's highest zone first, in steps of the size.</summary>
    FirstFit,
    /// <summary>The highest place of the node.</summary>
    TopDown,
    /// <summary>The lowest place of the node.</summary>
    BottomUp,
    /// <summary>Outside all memory, one behind the other from 2^50 on.</summary>
    Outside,
    /// <summary>Answers of a recorded run, in order.</summary>
    Recorded,
    /// <summary>Any legal place of the node, chosen by <see cref="Choices.PlacementBits"/>.</summary>
    Adversarial,
}

/// <summary>What the environment may decide; a pure function of the request, so that every subject gets the same
/// answer.</summary>
public sealed class Choices
{
    public PamtPlacement Placement { get; set; }

    /// <summary>Chooses the places of <see cref="PamtPlacement.Adversarial"/>; nothing else looks at it.</summary>
    public ulong PlacementBits { get; set; }

    /// <summary>Recorded answers of alloc_contig_pages(): a pfn, or null for a failure.</summary>
    public List<ulong?> RecordedPamts { get; } = [];

    public int Cpus { get; set; } = 1;
    public int CpusPerPackage { get; set; } = 1;

    /// <summary>Logical processors behind those that are online that never come online: the module counts
    /// them.</summary>
    public int OfflineCpus { get; set; }

    /// <summary>Bytes of a TDMR that one TDH.SYS.TDMR.INIT initialises; 0: all.</summary>
    public ulong TdmrInitStep { get; set; } = Sizes.Mib4;

    /// <summary>TDH.SYS.TDMR.INIT succeeds for ever and never gets on.</summary>
    public bool TdmrInitStalls { get; set; }

    /// <summary>CPUs have the partial-write erratum (X86_BUG_TDX_PW_MCE).</summary>
    public bool PartialWriteErratum { get; set; } = true;

    /// <summary>What the CPUs lack of what newer kernels ask for.</summary>
    public MissingFeatures Missing { get; set; }

    /// <summary>A P-SEAMLDR call loses the current VMCS: IA32_VMX_BASIC bit 60 is clear
    /// (X86_BUG_SEAMRET_INVD_VMCS).</summary>
    public bool SeamretInvalidatesVmcs { get; set; }

    /// <summary>KVM has VMX on, whatever TDX does.</summary>
    public bool KvmHoldsVmx { get; set; }

    /// <summary>Memory blocks whose pages can't be moved away.</summary>
    public List<PinnedBlock> Pinned { get; } = [];

    /// <summary>First byte of a page that is a TD's, unless it is reserved, once the module is ready; null: there is
    /// none.</summary>
    public ulong? TdPage { get; set; }

    /// <summary>CPUs say that they run under a hypervisor: memory blocks of large machines are smaller.</summary>
    public bool RunsUnderHypervisor { get; set; }

    /// <summary>Packages that have an online CPU.</summary>
    public int Packages => (Cpus + CpusPerPackage - 1) / CpusPerPackage;

    public void Clear()
    {
        Placement = PamtPlacement.FirstFit;
        PlacementBits = 0;
        RecordedPamts.Clear();
        Cpus = CpusPerPackage = 1;
        OfflineCpus = 0;
        TdmrInitStep = Sizes.Mib4;
        TdmrInitStalls = false;
        PartialWriteErratum = true;
        Missing = MissingFeatures.None;
        SeamretInvalidatesVmcs = KvmHoldsVmx = false;
        Pinned.Clear();
        TdPage = null;
        RunsUnderHypervisor = false;
    }

    public void CopyFrom(Choices other)
    {
        Clear();
        Placement = other.Placement;
        PlacementBits = other.PlacementBits;
        RecordedPamts.AddRange(other.RecordedPamts);
        Cpus = other.Cpus;
        CpusPerPackage = other.CpusPerPackage;
        OfflineCpus = other.OfflineCpus;
        TdmrInitStep = other.TdmrInitStep;
        TdmrInitStalls = other.TdmrInitStalls;
        PartialWriteErratum = other.PartialWriteErratum;
        Missing = other.Missing;
        SeamretInvalidatesVmcs = other.SeamretInvalidatesVmcs;
        KvmHoldsVmx = other.KvmHoldsVmx;
        Pinned.AddRange(other.Pinned);
        TdPage = other.TdPage;
        RunsUnderHypervisor = other.RunsUnderHypervisor;
    }
}
