// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Seamcall;

/// <summary>Ids of global metadata fields that TDH.SYS.RD reads and the host uses.</summary>
public static class MetadataField
{
    /// <summary>No field: asks for the first one, and follows the last one.</summary>
    public const ulong None = ulong.MaxValue;
    /// <summary>NUM_CMRS: the size of the table, not the number in use.</summary>
    public const ulong NumCmrs = 0x9000000100000000;
    /// <summary>CMR_BASE of slot 0.</summary>
    public const ulong CmrBase = 0x9000000300000080;
    /// <summary>CMR_SIZE of slot 0.</summary>
    public const ulong CmrSize = 0x9000000300000100;

    public const ulong MaxTdmrs = 0x9100000100000008;
    public const ulong MaxReservedPerTdmr = 0x9100000100000009;
    public const ulong Pamt4KEntrySize = 0x9100000100000010;
    public const ulong Pamt2MEntrySize = 0x9100000100000011;
    public const ulong Pamt1GEntrySize = 0x9100000100000012;
    /// <summary>PAMT_PAGE_BITMAP_ENTRY_BITS: bits a page in the 4K PAMT of modules with Dynamic PAMT; as Linux patches
    /// name it.</summary>
    public const ulong PamtPageBitmapEntryBits = 0x9100000000000013;

    public const ulong MajorVersion = 0x0800000100000004;
    public const ulong MinorVersion = 0x0800000100000003;
    public const ulong UpdateVersion = 0x0800000100000005;
    /// <summary>MODULE_HV: the newest handoff version that the module can write.</summary>
    public const ulong ModuleHandoffVersion = 0x8900000100000000;
    /// <summary>NUM_CPUID_CONFIG: how many CPUID leaves of a TD can be configured.</summary>
    public const ulong NumCpuidConfig = 0x9900000100000004;
    /// <summary>More than that module 1.5 has no fields for.</summary>
    public const ulong CpuidConfigsOfModule15 = 32;
    /// <summary>CPUID_CONFIG_LEAVES of leaf 0.</summary>
    public const ulong CpuidConfigLeaves = 0x9900000300000400;
    /// <summary>CPUID_CONFIG_VALUES of leaf 0; every leaf has two.</summary>
    public const ulong CpuidConfigValues = 0x9900000300000500;
    /// <summary>MAX_VCPUS_PER_TD: later than 1.5.01, which answers that there is no such field.</summary>
    public const ulong MaxVcpusPerTd = 0x9900000100000008;
    /// <summary>TDX_FEATURES0.</summary>
    public const ulong Features0 = 0x0A00000300000008;
    /// <summary>TDX_FEATURES0 of module 1.5.</summary>
    public const ulong Features0OfModule15 = 0xF0EBF;
    /// <summary>TDX_FEATURES0 bit: guests live through an update of the module (TD_PRESERVING).</summary>
    public const ulong FeatureTdPreserving = 1UL << 1;
    /// <summary>TDX_FEATURES0 bit: the module has TDH.SYS.DISABLE (SYS_DISABLE, a draft as of 2026-03).</summary>
    public const ulong FeatureSysDisable = 1UL << 53;
    /// <summary>TDX_FEATURES0 bit: the module leaves RBP alone.</summary>
    public const ulong FeatureNoRbpMod = 1UL << 18;
    /// <summary>TDX_FEATURES0 bit: Dynamic PAMT; as Linux patches name it, not verified on a module.</summary>
    public const ulong FeatureDynamicPamt = 1UL << 36;
    /// <summary>Bits of an id that carry the field code.</summary>
    public const ulong CodeMask = 0xffffff;

    /// <summary>Class of a field, bits 61:56.</summary>
    public static int Class(ulong id) => (int)(id >> 56) & 0x3f;

    /// <summary>Code of a field, bits 23:0.</summary>
    public static uint Code(ulong id) => (uint)(id & CodeMask);

    /// <summary>The id without its context code, bits 54:52, which TDH.SYS.RD ignores.</summary>
    public static ulong WithoutContext(ulong id) => id & ~(7UL << 52);

    /// <summary>md_check_as_single_element_id(): reserved bits 31:24, 49:47, 55, 62 and the counts in 37:34, 46:38 are
    /// 0.</summary>
    public static bool IsSingleElement(ulong id)
    {
        const ulong Reserved = (0xffUL << 24) | (7UL << 47) | (1UL << 55) | (1UL << 62);
        const ulong Counts = (0xfUL << 34) | (0x1ffUL << 38);
        return (id & (Reserved | Counts)) == 0;
    }
}
