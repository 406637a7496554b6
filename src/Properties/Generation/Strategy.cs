// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>What kind of machines are made.</summary>
public enum Strategy
{
    /// <summary>Of 32 cases 16 realistic ones, 13 adversarial ones, 2 sequences and one of memblock.</summary>
    Mixed,
    /// <summary>What firmware does: DIMM banks of sockets, holes for MMIO and tables, CMRs that cover the
    /// RAM.</summary>
    Realistic,
    /// <summary>Free-form memblock with edges and counts at their limits.</summary>
    Adversarial,
    /// <summary>Calls of memblock and nothing else: TDX is not enabled.</summary>
    Memblock,
    /// <summary>Every layout of a small grid, by number.</summary>
    Exhaustive,
    /// <summary>Small machines on which memory is added, put online, taken offline and removed, in up to 60
    /// steps.</summary>
    Sequences,
    /// <summary>Every sequence of five steps on one small machine, by number.</summary>
    Short,
    /// <summary>Every field any value that it may hold: what the others are measured against.</summary>
    Uniform,
}
