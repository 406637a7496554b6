// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;

namespace TdxVerify.Core.Seamcall;

/// <summary>Status words of SEAMCALLs: 63 ERROR, 62 NON_RECOVERABLE, 47:40 class, 39:32 code, 31:0 details.</summary>
public static class TdxStatus
{
    /// <summary>The call succeeded.</summary>
    public const ulong Success = 0;
    /// <summary>An operand is not acceptable; details: which.</summary>
    public const ulong OperandInvalid = 0xC000010000000000;
    /// <summary>An address operand lies outside what is initialised.</summary>
    public const ulong OperandAddrRangeError = 0xC000010100000000;
    /// <summary>Another LP uses the operand; may be repeated.</summary>
    public const ulong OperandBusy = 0x8000020000000000;
    /// <summary>Another LP holds the global lock; may be repeated.</summary>
    public const ulong SysBusy = 0x8000020200000000;
    /// <summary>The random generator is dry; may be repeated.</summary>
    public const ulong RndNoEntropy = 0x8000020300000000;
    /// <summary>TDH.SYS.INIT was done.</summary>
    public const ulong SysInitNotPending = 0xC000050000000000;
    /// <summary>This LP was not initialised.</summary>
    public const ulong SysLpInitNotDone = 0xC000050200000000;
    /// <summary>This LP was initialised before.</summary>
    public const ulong SysLpInitDone = 0xC000050300000000;
    /// <summary>The leaf is not available before the module is ready.</summary>
    public const ulong SysNotReady = 0xC000050500000000;
    /// <summary>The module was shut down.</summary>
    public const ulong SysShutdown = 0xC000050600000000;
    /// <summary>The global key is not waiting to be configured.</summary>
    public const ulong SysKeyConfigNotPending = 0xC000050700000000;
    /// <summary>The module's state does not allow the leaf.</summary>
    public const ulong SysStateIncorrect = 0xC000050800000000;
    /// <summary>The handoff version or data is not acceptable.</summary>
    public const ulong SysInvalidHandoff = 0xC000050900000000;
    /// <summary>LPs are not waiting to be initialised.</summary>
    public const ulong SysLpInitNotPending = 0xC000050B00000000;
    /// <summary>The module is not waiting to be configured, or an LP is missing.</summary>
    public const ulong SysConfigNotPending = 0xC000050C00000000;
    /// <summary>PCONFIG found no entropy; may be repeated.</summary>
    public const ulong KeyGenerationFailed = 0x8000080000000000;
    /// <summary>The package has its key already; not an error, but not zero.</summary>
    public const ulong KeyConfigured = 0x0000081500000000;
    /// <summary>More KeyIDs than the module's table holds.</summary>
    public const ulong NumActivatedHkidsNotSupported = 0xC000082500000000;
    /// <summary>A TDMR's base, size or end.</summary>
    public const ulong InvalidTdmr = 0xC0000A0000000000;
    /// <summary>TDMRs do not ascend, or overlap.</summary>
    public const ulong NonOrderedTdmr = 0xC0000A0100000000;
    /// <summary>Memory of a TDMR that is neither reserved nor convertible.</summary>
    public const ulong TdmrOutsideCmrs = 0xC0000A0200000000;
    /// <summary>Nothing is left to initialise; not an error, but not zero.</summary>
    public const ulong TdmrAlreadyInitialized = 0x00000A0300000000;
    /// <summary>A PAMT's base or size.</summary>
    public const ulong InvalidPamt = 0xC0000A1000000000;
    /// <summary>A PAMT outside convertible memory.</summary>
    public const ulong PamtOutsideCmrs = 0xC0000A1100000000;
    /// <summary>A PAMT overlaps another, or memory that is not reserved.</summary>
    public const ulong PamtOverlap = 0xC0000A1200000000;
    /// <summary>A reserved area's offset or size.</summary>
    public const ulong InvalidReservedInTdmr = 0xC0000A2000000000;
    /// <summary>Reserved areas do not ascend, overlap, or have a gap of empty entries.</summary>
    public const ulong NonOrderedReservedInTdmr = 0xC0000A2100000000;
    /// <summary>The firmware's CMR list is defective.</summary>
    public const ulong CmrListInvalid = 0xC0000A2200000000;
    /// <summary>No such metadata field.</summary>
    public const ulong MetadataFieldIdIncorrect = 0xC0000C0000000000;
    /// <summary>The first field id was returned; not an error, but not zero.</summary>
    public const ulong MetadataFirstFieldIdInContext = 0x00000C0B00000000;
    /// <summary>An interrupt came in between; the call goes on when it is repeated.</summary>
    public const ulong InterruptedResumable = 0x8000000300000000;
    /// <summary>P-SEAMLDR's own: no random number; may be repeated.</summary>
    public const ulong SeamldrNoEntropy = 0x8000000000030001;
    /// <summary>P-SEAMLDR refuses; which of its numbers it gives is not in the facts.</summary>
    public const ulong SeamldrRefusal = 0x8000000000010003;
    /// <summary>The kernel's own: SEAMCALL failed with VMfailInvalid, no module is loaded.</summary>
    public const ulong SeamcallVmFailInvalid = 0x8000FF00FFFF0000;
    /// <summary>The kernel's own: SEAMCALL raised #GP.</summary>
    public const ulong SeamcallGp = 0x8000FF000000000D;
    /// <summary>The kernel's own: SEAMCALL raised #UD.</summary>
    public const ulong SeamcallUd = 0x8000FF0000000006;

    private const ulong ErrorBit = 1UL << 63;
    private const ulong NonRecoverableBit = 1UL << 62;

    private static readonly Dictionary<ulong, string> Names = new()
    {
        [OperandInvalid] = "TDX_OPERAND_INVALID",
        [OperandAddrRangeError] = "TDX_OPERAND_ADDR_RANGE_ERROR",
        [OperandBusy] = "TDX_OPERAND_BUSY",
        [SysBusy] = "TDX_SYS_BUSY",
        [InterruptedResumable] = "TDX_INTERRUPTED_RESUMABLE",
        [RndNoEntropy] = "TDX_RND_NO_ENTROPY",
        [SysInitNotPending] = "TDX_SYS_INIT_NOT_PENDING",
        [SysLpInitNotDone] = "TDX_SYS_LP_INIT_NOT_DONE",
        [SysLpInitDone] = "TDX_SYS_LP_INIT_DONE",
        [SysNotReady] = "TDX_SYS_NOT_READY",
        [SysShutdown] = "TDX_SYS_SHUTDOWN",
        [SysKeyConfigNotPending] = "TDX_SYS_KEY_CONFIG_NOT_PENDING",
        [SysStateIncorrect] = "TDX_SYS_STATE_INCORRECT",
        [SysInvalidHandoff] = "TDX_SYS_INVALID_HANDOFF",
        [SysLpInitNotPending] = "TDX_SYS_LP_INIT_NOT_PENDING",
        [SysConfigNotPending] = "TDX_SYS_CONFIG_NOT_PENDING",
        [KeyGenerationFailed] = "TDX_KEY_GENERATION_FAILED",
        [KeyConfigured] = "TDX_KEY_CONFIGURED",
        [NumActivatedHkidsNotSupported] = "TDX_NUM_ACTIVATED_HKIDS_NOT_SUPPORTED",
        [InvalidTdmr] = "TDX_INVALID_TDMR",
        [NonOrderedTdmr] = "TDX_NON_ORDERED_TDMR",
        [TdmrOutsideCmrs] = "TDX_TDMR_OUTSIDE_CMRS",
        [TdmrAlreadyInitialized] = "TDX_TDMR_ALREADY_INITIALIZED",
        [InvalidPamt] = "TDX_INVALID_PAMT",
        [PamtOutsideCmrs] = "TDX_PAMT_OUTSIDE_CMRS",
        [PamtOverlap] = "TDX_PAMT_OVERLAP",
        [InvalidReservedInTdmr] = "TDX_INVALID_RESERVED_IN_TDMR",
        [NonOrderedReservedInTdmr] = "TDX_NON_ORDERED_RESERVED_IN_TDMR",
        [CmrListInvalid] = "TDX_CMR_LIST_INVALID",
        [MetadataFieldIdIncorrect] = "TDX_METADATA_FIELD_ID_INCORRECT",
        [MetadataFirstFieldIdInContext] = "TDX_METADATA_FIRST_FIELD_ID_IN_CONTEXT",
        [0xC000050D00000000] = "TDX_INCOMPATIBLE_SEAM_CAPABILITIES",
        [0xC000090200000000] = "TDX_INCONSISTENT_CPUID_FIELD",
        [0xC000090600000000] = "TDX_INVALID_PKG_ID",
        [0xC000091200000000] = "TDX_SMRR_OVERLAPS_CMR",
        [0xC000092000000000] = "TDX_INCONSISTENT_MSR",
    };

    /// <summary>True when the module means the call to be repeated: an error with bit 62 (NON_RECOVERABLE) clear.
    /// The kernel's own words look like that, too, and are none of the module's.</summary>
    public static bool IsTransient(ulong status) =>
        (status & (ErrorBit | NonRecoverableBit)) == ErrorBit && Name(status) is not null;

    /// <summary>The errno that a kernel makes of a status (sc_retry_prerr()); 0 for success.</summary>
    public static int ErrnoOf(ulong status) => status switch
    {
        Success => 0,
        SeamcallVmFailInvalid => -Errno.Enodev,
        SeamcallGp => -Errno.Eopnotsupp,
        SeamcallUd => -Errno.Eacces,
        _ => -Errno.Eio,
    };

    /// <summary>Status with the id of the operand that is to blame.</summary>
    public static ulong WithOperand(ulong status, SeamcallOperand operand) => status + (ulong)operand;

    /// <summary>Status with up to three bytes of detail.</summary>
    public static ulong WithInfo(ulong status, int info0, int info1 = 0, int info2 = 0) =>
        status + ((ulong)(byte)info0 | ((ulong)(byte)info1 << 8) | ((ulong)(byte)info2 << 16));

    /// <summary>The architecture's name of a status, details left out; null when it is not in the facts.</summary>
    public static string? Name(ulong status) =>
        status switch
        {
            Success => "TDX_SUCCESS",
            SeamldrNoEntropy => "SEAMLDR_ENOENTROPY",
            _ => Names.GetValueOrDefault(status & 0xFFFFFFFF00000000),
        };
}

/// <summary>Operand ids in the details of TDX_OPERAND_INVALID and TDX_OPERAND_BUSY.</summary>
public enum SeamcallOperand
{
    Rax = 0,
    Rcx = 1,
    Rdx = 2,
    R8 = 8,
    R9 = 9,
    /// <summary>The key table.</summary>
    Ket = 0xbb,
}
