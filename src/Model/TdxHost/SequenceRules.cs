// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>When caches are flushed before the global KeyID is configured.</summary>
public enum FlushPoint
{
    /// <summary>Right before TDH.SYS.KEY.CONFIG.</summary>
    BeforeKeyConfig,
    /// <summary>Twice there: no difference.</summary>
    Twice,
    /// <summary>Before the PAMTs are allocated.</summary>
    BeforePamts,
    /// <summary>Never.</summary>
    Never,
}

/// <summary>Where TDH.SYS.KEY.CONFIG runs.</summary>
public enum KeyConfigScope
{
    /// <summary>Once a package.</summary>
    EveryPackage,
    FirstPackage,
    EveryCpu,
}

/// <summary>How TDH.SYS.TDMR.INIT is repeated.</summary>
public enum TdmrInitLoop
{
    /// <summary>Until the module has reached the end.</summary>
    UntilEnd,
    /// <summary>Once a TDMR.</summary>
    Once,
    /// <summary>With the returned address instead of the base.</summary>
    FromReturned,
    /// <summary>Once more at the end.</summary>
    PastEnd,
    /// <summary>The last TDMR is left out.</summary>
    SkipsLast,
    /// <summary>A failure is repeated like a success.</summary>
    RepeatsFailure,
}

/// <summary>How often TDH.SYS.INIT runs.</summary>
public enum SysInitRule
{
    /// <summary>Once; its result is kept.</summary>
    Once,
    /// <summary>Until it succeeds.</summary>
    UntilSuccess,
    EveryCpu,
    /// <summary>Once; a failure is forgotten.</summary>
    ForgetsFailure,
}

/// <summary>Failures that are taken for success.</summary>
[Flags]
public enum IgnoredFailures
{
    None = 0,
    /// <summary>Of TDH.SYS.RD.</summary>
    Read = 1,
    /// <summary>Of TDH.SYS.CONFIG.</summary>
    Config = 2,
    /// <summary>Of TDH.SYS.KEY.CONFIG.</summary>
    KeyConfig = 4,
    /// <summary>Of TDH.SYS.TDMR.INIT.</summary>
    TdmrInit = 8,
    /// <summary>Of TDH.SYS.LP.INIT.</summary>
    LpInit = 16,
    /// <summary>Of TDH.PHYMEM.PAGE.RDMD: the page counts as reserved.</summary>
    PageRead = 32,
}

/// <summary>The SEAMCALLs of init_tdx_module() and tdx_cpu_enable(), one member a decision.</summary>
public sealed record SequenceRules
{
    public static SequenceRules Merged { get; } = new();
    public FlushPoint Flush { get; init; }
    public KeyConfigScope KeyConfig { get; init; }

    /// <summary>TDMRs are initialised before the key is configured.</summary>
    public bool InitsTdmrsFirst { get; init; }

    public TdmrInitLoop TdmrInit { get; init; }

    /// <summary>How often TDH.SYS.INIT runs.</summary>
    public SysInitRule SysInit { get; init; }

    /// <summary>A CPU that is initialised is initialised again.</summary>
    public bool ForgetsLps { get; init; }

    /// <summary>Registers of the call before are left in place.</summary>
    public bool LeavesRegisters { get; init; }

    /// <summary>RDRAND_RETRY_LOOPS: calls before TDX_RND_NO_ENTROPY is given up.</summary>
    public int EntropyTries { get; init; } = 10;

    /// <summary>Every failure is repeated, not only the lack of entropy.</summary>
    public bool RetriesEverything { get; init; }

    /// <summary>VMfailInvalid is -EIO like the rest.</summary>
    public bool TakesMissingModuleForIo { get; init; }

    /// <summary>Failures that are taken for success.</summary>
    public IgnoredFailures Ignores { get; init; }

    /// <summary>TDH.SYS.CONFIG is told of one TDMR more.</summary>
    public bool CountsOneMore { get; init; }

    /// <summary>TDH.SYS.CONFIG gets the KeyID behind the global one.</summary>
    public bool ConfiguresGuestKeyId { get; init; }

    /// <summary>The array of TDMR addresses is filled from the end.</summary>
    public bool ListsTdmrsBackwards { get; init; }

    /// <summary>TDMRs are written to behind TDH.SYS.CONFIG.</summary>
    public bool WritesTdmrsLater { get; init; }

    /// <summary>The array of TDMR addresses takes a page whatever the count: no difference.</summary>
    public bool TakesWholePage { get; init; }

    /// <summary>Limits are read in the other order: no difference.</summary>
    public bool ReadsLimitsBackwards { get; init; }
}
