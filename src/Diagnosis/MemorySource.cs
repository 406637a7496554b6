// SPDX-License-Identifier: MIT

namespace TdxVerify.Diagnosis;

/// <summary>Which lines of a log the machine's memory was taken from.</summary>
public enum MemorySource
{
    /// <summary>Given lines: the memory map of the firmware.</summary>
    MemoryMap,
    /// <summary>Given lines: memblock calls.</summary>
    MemblockCalls,
    /// <summary>The map up to where it was cut, convertible memory above.</summary>
    MemoryMapAndCmrs,
    /// <summary>Observed lines: a dump of memblock.</summary>
    MemblockDump,
    /// <summary>Observed lines: early memory node ranges.</summary>
    EarlyRanges,
    /// <summary>Observed lines: memory blocks that are online.</summary>
    OnlineMemory,
    /// <summary>Convertible memory alone.</summary>
    Cmrs,
    /// <summary>The log does not say.</summary>
    Nothing,
}
