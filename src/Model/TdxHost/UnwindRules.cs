// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>What tdx_enable() does when it is called again.</summary>
public enum SecondEnable
{
    /// <summary>0 after success, -EINVAL after a failure.</summary>
    Latched,
    /// <summary>It runs again after a failure.</summary>
    RetriesFailure,
    /// <summary>It runs again after success.</summary>
    RepeatsSuccess,
    /// <summary>-EINVAL after success too.</summary>
    RefusesAlways,
}

/// <summary>What is left undone when initialisation fails.</summary>
[Flags]
public enum Leaks
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>The array of TDMR addresses stays allocated.</summary>
    PaArray = 1,
    /// <summary>The package mask stays allocated.</summary>
    PackageMask = 2,
    /// <summary>The TDMR buffer stays allocated.</summary>
    TdmrBuffer = 4,
    /// <summary>PAMTs stay allocated when reserved areas fail.</summary>
    PamtsBeforeConfig = 8,
    /// <summary>PAMTs stay allocated when TDH.SYS.CONFIG fails.</summary>
    PamtsAtConfig = 16,
    /// <summary>PAMTs stay allocated when a later call fails.</summary>
    PamtsAfterConfig = 32,
    /// <summary>The memlist stays.</summary>
    Memlist = 64,
    /// <summary>The memlist stays when memory runs out.</summary>
    MemlistOnNoMemory = 128,
}

/// <summary>How a failure is told.</summary>
public enum FailureReport
{
    /// <summary>One line with the errno that is returned.</summary>
    Told,
    /// <summary>No line.</summary>
    Silent,
    /// <summary>Two lines.</summary>
    Twice,
    /// <summary>A line with another errno.</summary>
    WrongErrno,
    /// <summary>0 is returned.</summary>
    ReturnsSuccess,
}

/// <summary>The way out of every failure, one member a decision.</summary>
public sealed record UnwindRules
{
    /// <summary>mem_hotplug_lock is taken before tdx_module_lock.</summary>
    public bool TakesHotplugLockFirst { get; init; }

    public static UnwindRules Merged { get; } = new();
    public Leaks Leaks { get; init; }

    /// <summary>Caches are not flushed before PAMTs are given back.</summary>
    public bool SkipsFlush { get; init; }

    public bool SkipsReset { get; init; }

    /// <summary>PAMTs are converted back when they are no longer ours.</summary>
    public bool ResetsAfterFree { get; init; }

    /// <summary>PAMTs are freed a second time.</summary>
    public bool FreesPamtsTwice { get; init; }

    /// <summary>The TDMR buffer is freed a second time.</summary>
    public bool FreesBufferTwice { get; init; }

    /// <summary>nr_consumed_tdmrs goes back to 0 with the buffer, as a fix would do.</summary>
    public bool ForgetsTdmrs { get; init; }

    /// <summary>mem_hotplug_lock is not released after a failure.</summary>
    public bool KeepsHotplugLock { get; init; }

    /// <summary>What a second call does.</summary>
    public SecondEnable SecondEnable { get; init; }

    public FailureReport Report { get; init; }
}
