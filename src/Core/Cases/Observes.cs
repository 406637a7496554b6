// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What a subject can see of itself; what it can't see is not judged.</summary>
[Flags]
public enum Observes
{
    /// <summary>Results of steps only.</summary>
    None = 0,
    /// <summary>memblock.memory.</summary>
    Memblock = 1,
    /// <summary>tdx_memlist.</summary>
    Memlist = 2,
    /// <summary>TDMRs, and the table that TDH.SYS.CONFIG was given.</summary>
    Tdmrs = 4,
    /// <summary>Allocations, frees, SEAMCALLs, flushes, resets and log lines in order.</summary>
    Events = 8,
    /// <summary>Reads of freed memory, among the events.</summary>
    Touches = 16,
    /// <summary>S3, guests' KeyIDs, and what is known of the partial-write erratum.</summary>
    Platform = 32,
    /// <summary>memblock.reserved.</summary>
    Reserved = 64,
    /// <summary>Everything.</summary>
    All = Memblock | Memlist | Tdmrs | Events | Touches | Platform | Reserved,
}
